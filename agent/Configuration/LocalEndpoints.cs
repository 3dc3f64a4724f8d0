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
            return ca is null
                ? [new Setting("aggregator", grpc ?? "", file)]
                : [new Setting("aggregator", grpc ?? "", file), new Setting("ca", ca, file)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ConfigurationException($"{file} does not name an aggregator: {error.Message}");
        }
    }
}
