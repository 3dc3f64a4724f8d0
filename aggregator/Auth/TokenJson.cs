using System.Text.Json.Serialization;

namespace HostAgent.Aggregator.Auth;

/// <summary>How tokens lie in the document store, collection <c>operator-token</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OperatorToken))]
internal sealed partial class TokenJson : JsonSerializerContext;
