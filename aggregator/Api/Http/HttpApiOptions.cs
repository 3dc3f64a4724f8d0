namespace HostAgent.Aggregator.Api.Http;

/// <summary>What the HTTP API must know of the program around it, and its limits.</summary>
internal sealed record HttpApiOptions
{
    /// <summary>Version of the program, as /health says it.</summary>
    public required string Version { get; init; }

    /// <summary>The listener is bound to a loopback address: the Host header must name this machine.</summary>
    public required bool LoopbackOnly { get; init; }


    /// <summary>How long one request may work. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
