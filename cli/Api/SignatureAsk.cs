namespace HostAgent.Cli.Api;

/// <summary>An operator's signature, in base64.</summary>
internal sealed record SignatureAsk(string Operator, string Signature);
