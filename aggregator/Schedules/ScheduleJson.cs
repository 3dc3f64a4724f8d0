using System.Text.Json.Serialization;

namespace HostAgent.Aggregator.Schedules;

/// <summary>The documents of this room, by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScheduleRecord))]
[JsonSerializable(typeof(ScheduleRun))]
[JsonSerializable(typeof(ScheduleState))]
[JsonSerializable(typeof(MaintenanceWindow))]
internal sealed partial class ScheduleJson : JsonSerializerContext;
