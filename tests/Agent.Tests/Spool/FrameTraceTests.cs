using HostAgent.Agent.Spool;

namespace HostAgent.Agent.Tests.Spool;

public sealed class FrameTraceTests
{
    [Fact]
    public void Every_line_is_in_the_file_at_once_and_later_runs_append()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var first = new FrameTrace(path);
            var window = new FrameWindow(7, 1 << 20, first);
            var table = new TestTable(series: 5, churn: false);
            window.Add(1000, 0, table.Next(), table.Table, out var samples);
            first.Ack(7, 1, 1, "live");
            Assert.Equal(["frame 7 1 1000 " + samples, "ack 7 1 1 live"], Lines());
            using var second = new FrameTrace(path);
            second.Frame(8, 1, 2000, 3);
            Assert.Equal("frame 8 1 2000 3", Lines()[^1]);
        }
        finally
        {
            File.Delete(path);
        }

        string[] Lines()
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
