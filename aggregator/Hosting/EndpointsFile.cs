using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostAgent.Aggregator.Hosting;

/// <summary>endpoints.json in the data directory: stands there exactly while the aggregator listens.</summary>
internal static partial class EndpointsFile
{
    /// <summary>The name within the data directory; scripts and hostctl rely on it.</summary>
    public const string Name = "endpoints.json";

    /// <summary>Writes it atomically. Call after both listeners accept connections.</summary>
    public static void Write(DataDirectory directory, LocalEndpoints endpoints)
        => AtomicFile.Write(directory.File(Name), JsonSerializer.SerializeToUtf8Bytes(endpoints, Json.Default.LocalEndpoints), AtomicFile.Public);

    /// <summary>Removes it, or what an instance that was killed has left.</summary>
    public static void Delete(DataDirectory directory) => File.Delete(directory.File(Name));

    /// <summary>The process that wrote it; null when there is no readable file.</summary>
    public static int? TryReadPid(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(directory, Name)), Json.Default.LocalEndpoints)?.Pid;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(LocalEndpoints))]
    private sealed partial class Json : JsonSerializerContext;
}
