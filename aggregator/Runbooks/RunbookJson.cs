using System.Text.Json.Serialization;

namespace HostAgent.Aggregator.Runbooks;

/// <summary>The documents of this room, by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunbookRun))]
internal sealed partial class RunbookJson : JsonSerializerContext;
