using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>Everything the HTTP API writes, serialised by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HostsResponse))]
[JsonSerializable(typeof(HostResponse))]
[JsonSerializable(typeof(AccountResponse))]
[JsonSerializable(typeof(SeriesResponse))]
[JsonSerializable(typeof(LatestResponse))]
[JsonSerializable(typeof(RangeResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(CommandBody))]
[JsonSerializable(typeof(SignatureBody))]
[JsonSerializable(typeof(CancelBody))]
[JsonSerializable(typeof(CommandResponse))]
[JsonSerializable(typeof(CommandsResponse))]
[JsonSerializable(typeof(CommandPreviewResponse))]
[JsonSerializable(typeof(OrderResponse))]
[JsonSerializable(typeof(KindsResponse))]
[JsonSerializable(typeof(CommandEvents.OutputEvent))]
[JsonSerializable(typeof(MeResponse))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(TokensResponse))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(CreatedTokenResponse))]
[JsonSerializable(typeof(AuditResponse))]
[JsonSerializable(typeof(AuditAnchorResponse))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ApiJson : JsonSerializerContext;
