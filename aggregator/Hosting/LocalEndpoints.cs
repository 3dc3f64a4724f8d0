namespace HostAgent.Aggregator.Hosting;

/// <summary>What a program on this machine needs to connect: the content of endpoints.json.</summary>
/// <param name="Http">URL of the HTTP API.</param>
/// <param name="Grpc">URL that agents connect to.</param>
/// <param name="CaFile">Absolute path of the PEM certificate that signs the server certificate of <paramref name="Grpc"/>.</param>
/// <param name="Pid">Process id of the aggregator.</param>
internal sealed record LocalEndpoints(string Http, string Grpc, string CaFile, int Pid);
