using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Check;

/// <summary><c>hostaggregator check</c>: reads every byte of a stopped aggregator's store and says what is damaged.</summary>
internal static partial class CheckCommand
{
    /// <summary>Exit code of a check that found damage.</summary>
    private const int Damaged = 1;

    /// <param name="settings">Where the data directory comes from when it is not given.</param>
    /// <param name="storeFile">Name of the store in the data directory.</param>
    /// <param name="open">Makes the backend of a path.</param>
    public static Command Create(SettingsReader settings, string storeFile, Func<string, IStorageBackend> open)
    {
        var data = new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = $"The data directory. The aggregator that uses it must be stopped. Default: {settings.DefaultDataDirectory()}",
        };
        var json = new Option<bool>("--json") { Description = "Print the report as one JSON object" };
        var command = new Command("check", "Read every byte of a stopped aggregator's store and say what is damaged. Exit code 0: sound, 1: damaged.")
        {
            data, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            AggregatorOptions options = settings.Read(name => name == "--data" ? parsed.GetValue(data) : null);
            StoreReport report = Check(options.DataDirectory, storeFile, open, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.StoreReport));
            }
            else
            {
                Print(report, output);
            }

            return Task.FromResult(report.IsSound ? ExitCodes.Ok : Damaged);
        });
        return command;
    }

    private static StoreReport Check(string directory, string storeFile, Func<string, IStorageBackend> open, CancellationToken cancellation)
    {
        string path = Path.Combine(directory, storeFile);
        if (!File.Exists(path))
        {
            throw new StartException(ExitCodes.NoInput, $"there is no store in {directory} ({storeFile} is missing); name the aggregator's directory with --data DIR");
        }

        using DataDirectory locked = DataDirectory.Open(directory); // in use: says by whom
        using IStorageBackend backend = open(path);
        try
        {
            return StoreCheck.Run(backend, cancellation);
        }
        catch (StorageException e)
        {
            throw new StartException(ExitCodes.CannotCreate, e.Message, e);
        }
    }

    private static void Print(StoreReport report, TextWriter output)
    {
        output.WriteLine($"{report.Store}, {report.Bytes / 1048576.0:0.0} MiB");
        output.WriteLine(
            $"read: {report.Hosts} hosts, {report.Series} series, {report.Chunks} chunks with {report.Samples} samples, {report.JournalRows} journal rows");
        foreach (string finding in report.Findings)
        {
            output.WriteLine($"damaged: {finding}");
        }

        if (report.FindingCount > report.Findings.Count)
        {
            output.WriteLine($"and {report.FindingCount - report.Findings.Count} more");
        }

        output.WriteLine(report.IsSound ? "sound" : $"{report.FindingCount} findings; what they name is lost, everything else can be read");
    }

    [JsonSerializable(typeof(StoreReport))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    private sealed partial class ReportJson : JsonSerializerContext;
}
