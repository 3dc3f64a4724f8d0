using System.Text.Json;

namespace HostAgent.Agent.Containers;

/// <summary>What the engine says about one container.</summary>
internal sealed record ContainerState
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string Image { get; init; } = "";

    /// <summary>created, running, paused, restarting, removing, exited, dead.</summary>
    public string Status { get; init; } = "";

    /// <summary>starting, healthy, unhealthy; empty when the container has no health check.</summary>
    public string Health { get; init; } = "";

    /// <summary>What the last health check wrote, at most 500 characters.</summary>
    public string HealthOutput { get; init; } = "";

    public long ExitCode { get; init; }

    public string Error { get; init; } = "";

    public bool OomKilled { get; init; }

    public long Pid { get; init; }

    public long Restarts { get; init; }

    /// <summary>As the engine writes it, RFC 3339; changes with every start.</summary>
    public string StartedAt { get; init; } = "";

    /// <summary>Its output is a terminal's, without frames.</summary>
    public bool HasTerminal { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public bool IsRunning => Status == "running";

    /// <summary>Reads the answer of GET /containers/ID/json (Engine API, "Inspect a container").</summary>
    public static ContainerState OfInspect(JsonElement root)
    {
        JsonElement state = Child(root, "State");
        JsonElement config = Child(root, "Config");
        JsonElement health = Child(state, "Health");
        string output = "";
        if (Child(health, "Log") is { ValueKind: JsonValueKind.Array } log && log.GetArrayLength() > 0)
        {
            output = Text(log[log.GetArrayLength() - 1], "Output");
        }

        return new ContainerState
        {
            Id = Text(root, "Id"),
            Name = Text(root, "Name").TrimStart('/'),
            Image = Text(config, "Image"),
            Status = Text(state, "Status"),
            Health = Text(health, "Status") is var word && word == "none" ? "" : word,
            HealthOutput = output.Length > 500 ? output[..500] : output,
            ExitCode = Number(state, "ExitCode"),
            Error = Text(state, "Error"),
            OomKilled = Child(state, "OOMKilled").ValueKind == JsonValueKind.True,
            Pid = Number(state, "Pid"),
            Restarts = Number(root, "RestartCount"),
            StartedAt = Text(state, "StartedAt"),
            HasTerminal = Child(config, "Tty").ValueKind == JsonValueKind.True,
            Labels = ReadLabels(Child(config, "Labels")),
        };
    }

    /// <summary>Reads one element of the answer of GET /containers/json ("List containers"), which says less.</summary>
    public static ContainerState OfList(JsonElement item)
    {
        JsonElement names = Child(item, "Names");
        return new ContainerState
        {
            Id = Text(item, "Id"),
            Name = names is { ValueKind: JsonValueKind.Array } && names.GetArrayLength() > 0 && names[0].ValueKind == JsonValueKind.String
                ? names[0].GetString()!.TrimStart('/') : "",
            Image = Text(item, "Image"),
            Status = Text(item, "State"),
            Health = Text(item, "Status") is var words && words.Contains("(healthy)", StringComparison.Ordinal) ? "healthy"
                : words.Contains("(unhealthy)", StringComparison.Ordinal) ? "unhealthy"
                : words.Contains("(health: starting)", StringComparison.Ordinal) ? "starting" : "",
            Labels = ReadLabels(Child(item, "Labels")),
        };
    }

    private static JsonElement Child(JsonElement parent, string name)
        => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement child) ? child : default;

    private static string Text(JsonElement parent, string name) => Child(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static long Number(JsonElement parent, string name)
        => Child(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value) ? value : 0;

    private static Dictionary<string, string> ReadLabels(JsonElement labels)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        if (labels.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty label in labels.EnumerateObject())
            {
                read[label.Name] = label.Value.ValueKind == JsonValueKind.String ? label.Value.GetString()! : "";
            }
        }

        return read;
    }
}
