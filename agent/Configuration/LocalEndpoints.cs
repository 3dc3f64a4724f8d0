using System.Text.Json;

namespace HostAgent.Agent.Configuration;

/// <summary>What an aggregator on this machine writes down for its clients: <c>DIR/endpoints.json</c>.</summary>
internal static class LocalEndpoints
{
    /// <summary>The settings that connect to it.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read or is not what an aggregator writes.</exception>
    public static IEnumerable<Setting> Read(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var grpc = json.RootElement.GetProperty("grpc").GetString();
            var ca = json.RootElement.TryGetProperty("caFile", out var path) ? path.GetString() : null;
            List<Setting> settings = [new Setting("aggregator", grpc ?? "", file)];
            if (ca is not null)
            {
                settings.Add(new Setting("ca", ca, file));
            }

            // Beside it lies a token for agents that may read it.
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory && Path.Combine(directory, "enrolment.token") is var token && File.Exists(token))
            {
                settings.Add(new Setting("token_file", token, file));
            }

            return settings;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ConfigurationException($"{file} does not name an aggregator: {error.Message}");
        }
    }
}
