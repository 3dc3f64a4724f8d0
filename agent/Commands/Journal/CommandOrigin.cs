namespace HostAgent.Agent.Commands.Journal;

/// <summary>Who gave an order. Persisted: numbers only grow.</summary>
internal enum CommandOrigin : byte
{
    /// <summary>It came over the wire.</summary>
    Aggregator = 0,

    /// <summary>Somebody on this host who may do everything here, with <c>hostagent execute</c>.</summary>
    Local = 1,

    /// <summary>A reflex of the local policy.</summary>
    Reflex = 2,
}
