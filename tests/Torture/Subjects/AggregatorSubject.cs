using System.Text.Json;
using HostAgent.TestSupport.Processes;
using HostAgent.Torture.Lanes;

namespace HostAgent.Torture.Subjects;

/// <summary>The aggregator under torture: started, ended and started again on the same data directory.</summary>
internal sealed class AggregatorSubject(string dataDirectory, string logPath, Chronicle chronicle) : IAsyncDisposable
{
    /// <summary>How much resident memory it may use.</summary>
    public const long MemoryLimitBytes = 600 * 1048576L;

    /// <summary>The name that the summary counts kills by.</summary>
    public const string KillCount = "aggregator ended by SIGKILL";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private ChildProcess? _process;
    private long _diskTroubleUntilMs = long.MinValue;

    /// <summary>Raised after each start with the new gRPC port.</summary>
    public event Action<int>? Listening;

    /// <summary>URL of the HTTP API of the running process.</summary>
    public Uri Http { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Certificate file that agents need.</summary>
    public string CaFile { get; private set; } = "";

    /// <summary>The most memory seen.</summary>
    public MemoryPeak Memory { get; } = new();

    /// <summary>The slowest start so far, from fork to endpoints.json.</summary>
    public TimeSpan SlowestStart { get; private set; }

    /// <summary>The harness fills or stalls the disk (true), or has given it back (false).</summary>
    public void NoteDiskTrouble(bool begins) => Volatile.Write(ref _diskTroubleUntilMs, begins ? long.MaxValue : Environment.TickCount64 + 1000);

    /// <summary>Whether the disk was in trouble at any time since <paramref name="tick"/> (<see cref="Environment.TickCount64"/>): the program may
    /// then refuse to start or take its time to end.</summary>
    public bool DiskWasInTroubleSince(long tick) => Volatile.Read(ref _diskTroubleUntilMs) >= tick;

    /// <summary>The running process.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("the aggregator was not started");

    /// <summary>Starts it and waits until it listens. While its disk is in trouble it may refuse to start; it is then started again, as a
    /// service supervisor would.</summary>
    public async Task StartAsync()
    {
        while (true)
        {
            TimeSpan from = chronicle.Elapsed;
            long fromTick = Environment.TickCount64;
            string endpoints = Path.Combine(dataDirectory, "endpoints.json");
            _process = ChildProcess.Start("aggregator",
                [Programs.Aggregator, "serve", "--data", dataDirectory, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"], logPath);
            while (!_process.HasExited && chronicle.Elapsed - from < StartLimit)
            {
                if (TryRead(endpoints, _process.Id))
                {
                    TimeSpan took = chronicle.Elapsed - from;
                    SlowestStart = took > SlowestStart && !DiskWasInTroubleSince(fromTick) ? took : SlowestStart;
                    chronicle.Count("aggregator starts");
                    return;
                }

                await Task.Delay(10);
            }

            if (!_process.HasExited)
            {
                throw new TimeoutException($"the aggregator does not listen after {StartLimit.TotalSeconds} s:\n{_process.Tail()}");
            }

            if (!DiskWasInTroubleSince(fromTick))
            {
                throw new InvalidOperationException($"the aggregator ended at start with exit code {_process.ExitCode}:\n{_process.Tail()}");
            }

            chronicle.Say("aggregator", $"could not start (exit {_process.ExitCode}) while its disk is in trouble; trying again");
            chronicle.Count("aggregator starts refused for its disk");
            await Task.Delay(500);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        MustRun();
        await Process.KillAsync();
        chronicle.Count(KillCount);
    }

    /// <summary>Throws when it has ended although nobody asked.</summary>
    public void MustRun()
    {
        if (Process.HasExited)
        {
            throw new InvalidOperationException($"the aggregator ended on its own with exit code {Process.ExitCode}:\n{Process.Tail()}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private bool TryRead(string endpoints, int pid)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(endpoints));
            if (json.RootElement.GetProperty("pid").GetInt32() != pid)
            {
                return false;
            }

            Http = new Uri(json.RootElement.GetProperty("http").GetString()!);
            CaFile = json.RootElement.GetProperty("caFile").GetString()!;
            Listening?.Invoke(new Uri(json.RootElement.GetProperty("grpc").GetString()!).Port);
            return true;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return false;
        }
    }
}
