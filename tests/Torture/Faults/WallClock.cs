using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using HostAgent.Torture.Lanes;

namespace HostAgent.Torture.Faults;

/// <summary>The wall clock of a program that clock_jump.c is preloaded into; the other clocks of the machine stay as they are.</summary>
/// <remarks>A static file cannot be preloaded into, so this works with the agent that runs on the shared runtime alone.</remarks>
internal sealed class WallClock : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _offset;

    private WallClock(string library, string offsetFile)
    {
        _file = MemoryMappedFile.CreateFromFile(offsetFile, FileMode.Create, null, sizeof(long));
        _offset = _file.CreateViewAccessor();
        Variables = new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["CLOCK_JUMP_FILE"] = offsetFile };
    }

    /// <summary>What the program must be started with.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Compiles the library; null, with the reason, when there is no C compiler here.</summary>
    public static WallClock? TryCreate(string directory, out string reason)
    {
        string library = Path.Combine(directory, "clock_jump.so");
        string source = Path.Combine(AppContext.BaseDirectory, "clock_jump.c");
        try
        {
            using Process compiler = Process.Start("cc", ["-shared", "-fPIC", "-O2", "-o", library, source]);
            compiler.WaitForExit();
            reason = compiler.ExitCode == 0 ? "" : $"cc ended with {compiler.ExitCode}";
            return compiler.ExitCode == 0 ? new WallClock(library, Path.Combine(directory, "clock-offset")) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            reason = "no C compiler (cc) is installed";
            return null;
        }
    }

    /// <summary>Jumps forward and back by up to two minutes, now and then by hours, and at last back to the truth.</summary>
    public IReadOnlyList<Fault> Faults() =>
    [
        new("clock jump", 80, moment => JumpAsync(moment, moment.Between(-120, 120))),
        new("clock jump", 10, moment => JumpAsync(moment, moment.Between(-7200, 7200))),
        new("clock right again", 40, moment => JumpAsync(moment, TimeSpan.Zero)),
    ];

    /// <summary>The true time from now on.</summary>
    public void Restore() => _offset.Write(0, 0L);

    /// <inheritdoc/>
    public void Dispose()
    {
        _offset.Dispose();
        _file.Dispose();
    }

    private Task JumpAsync(FaultMoment moment, TimeSpan offset)
    {
        moment.Say($"wall clock {offset.TotalSeconds:+0.000;-0.000} s");
        _offset.Write(0, offset.Ticks * 100);
        return Task.CompletedTask;
    }
}
