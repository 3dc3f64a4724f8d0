namespace HostAgent.Aggregator.Api.Http;

/// <summary>Which of the two doors a connection came through. It is a feature of the connection and metadata of an endpoint; both must
/// agree, so that the door that agents of other machines reach never answers what belongs on the other.</summary>
internal enum Listener
{
    /// <summary>gRPC over TLS, for agents.</summary>
    Grpc,

    /// <summary>The HTTP API, loopback unless the operator says otherwise.</summary>
    Http,
}
