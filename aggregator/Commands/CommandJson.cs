using System.Text.Json.Serialization;

namespace HostAgent.Aggregator.Commands;

/// <summary>The documents of this room, by generated code.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CommandRecord))]
[JsonSerializable(typeof(HostRunRecord))]
[JsonSerializable(typeof(AgentRecord))]
[JsonSerializable(typeof(CommandRequest))]
internal sealed partial class CommandJson : JsonSerializerContext;
