namespace HostAgent.AgentBench;

/// <summary>What one process cost over a stretch of time.</summary>
internal sealed record Window(ProcessCost Before, ProcessCost After, double Seconds)
{
    public double CpuMicrosecondsPerSecond => (After.CpuNs - Before.CpuNs) / 1000.0 / Seconds;

    public double SwitchesPerSecond => (After.ContextSwitches - Before.ContextSwitches) / Seconds;

    public long WrittenBytes => After.WrittenBytes - Before.WrittenBytes;

    /// <summary>Reads the cost of <paramref name="pid"/>, waits, and reads it again.</summary>
    public static async Task<Window> MeasureAsync(int pid, double seconds)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        ProcessCost before = ProcessCost.Read(pid);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        return new Window(before, ProcessCost.Read(pid), watch.Elapsed.TotalSeconds);
    }
}
