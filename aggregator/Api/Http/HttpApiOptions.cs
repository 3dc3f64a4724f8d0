namespace HostAgent.Aggregator.Api.Http;

/// <summary>What the HTTP API must know of the program around it, and its limits.</summary>
internal sealed record HttpApiOptions
{
    /// <summary>Version of the program, as /health says it.</summary>
    public required string Version { get; init; }

    /// <summary>The listener is bound to a loopback address: the Host header must name this machine.</summary>
    public required bool LoopbackOnly { get; init; }

    /// <summary>Requests from this machine may read without a token. Only ever true with <see cref="LoopbackOnly"/>.</summary>
    public bool AnonymousRead { get; init; }

    /// <summary>Queries that are worked on at a time; as many as 100 more wait their turn, the rest is told to come again. Default 16.</summary>
    public int MaxConcurrentQueries { get; init; } = 16;

    /// <summary>How long one request may work. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
