using System.Text.Json.Serialization;

namespace HostAgent.Aggregator.Enrolment;

/// <summary>The form of this room's documents.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenRecord))]
[JsonSerializable(typeof(EnrolledHost))]
[JsonSerializable(typeof(Revocation))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
