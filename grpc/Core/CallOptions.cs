using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>Options of one call.</summary>
public struct CallOptions
{
    /// <param name="headers">Metadata to send first; null sends none.</param>
    /// <param name="deadline">UTC instant after which the call fails with <see cref="StatusCode.DeadlineExceeded"/>; null waits forever.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="writeOptions">Flags of the messages written.</param>
    /// <param name="propagationToken">Deadline and cancellation of the server call on whose behalf this one is made.</param>
    /// <param name="credentials">Credentials of this call.</param>
    [SuppressMessage("Design", "CA1068", Justification = "The order of the official API.")]
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null,
        ContextPropagationToken? propagationToken = null,
        CallCredentials? credentials = null)
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
        PropagationToken = propagationToken;
        Credentials = credentials;
    }

    /// <summary>Metadata to send first.</summary>
    public Metadata? Headers { get; private set; }

    /// <summary>UTC instant after which the call fails.</summary>
    public DateTime? Deadline { get; private set; }

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>Flags of the messages written.</summary>
    public WriteOptions? WriteOptions { get; private set; }

    /// <summary>The server call on whose behalf this one is made.</summary>
    public ContextPropagationToken? PropagationToken { get; private set; }

    /// <summary>Credentials of this call.</summary>
    public CallCredentials? Credentials { get; private set; }

    /// <summary>Whether the call waits for a connection instead of failing with <see cref="StatusCode.Unavailable"/>.</summary>
    public bool IsWaitForReady { get; private set; }

    /// <summary>A copy with other headers.</summary>
    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>A copy with another deadline.</summary>
    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>A copy with another token.</summary>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    /// <summary>A copy with other write options.</summary>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    /// <summary>A copy with another propagation token.</summary>
    public CallOptions WithPropagationToken(ContextPropagationToken propagationToken) => this with { PropagationToken = propagationToken };

    /// <summary>A copy with other credentials.</summary>
    public CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };

    /// <summary>A copy that waits for a connection, or not.</summary>
    public CallOptions WithWaitForReady(bool waitForReady = true) => this with { IsWaitForReady = waitForReady };
}
