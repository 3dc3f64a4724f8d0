using System.Text.RegularExpressions;

namespace HostAgent.Architecture.Tests;

/// <summary>What may stand in one room only.</summary>
public sealed class BanTests
{
    public static TheoryData<string, string, string> Bans { get; } = new()
    {
        // what, where it may stand (a prefix of the path; several separated by '|'), why
        { @"\bProcess\.Start\b|new ProcessStartInfo\b", "agent/Commands/ProcessRunner.cs", "one place starts processes: argv, no shell, clean environment" },
        { @"\[(LibraryImport|DllImport)\b", "agent/Linux/", "one room calls libc" },
        { "\"/(proc|sys)\\b", "agent/Linux/", "one room knows where the kernel's files are, so that tests can put fixtures in their place" },
        {
            @"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|CREATE\s+(TABLE|INDEX|UNIQUE)|PRAGMA)\b",
            "aggregator/Storage/Sqlite/|aggregator/Storage/Postgres/|agent/Databases/", "SQL stands with the backend that speaks it"
        },
        {
            @"\bDateTime(Offset)?\.(Utc)?Now\b|\bEnvironment\.TickCount|\bStopwatch\.(StartNew|GetTimestamp)\b|\bDateTime\.Today\b",
            "", "time comes from TimeProvider, so that tests can turn the clock"
        },
        { @"\bThread\.Sleep\(", "", "nothing waits for luck" },
        { @"\bNotImplementedException\b", "grpc/Core/", "no stub is shipped; only the virtual members of the official gRPC API throw it until they are overridden" },
        { @"\bConsole\.Write", "agent/Program.cs|agent/Cli/|agent/Logging/|aggregator/Program.cs|aggregator/Cli/|aggregator/Logging/|cli/", "only the edge talks to the terminal" },
        { @"\bGC\.Collect\(", "", "the collector knows better" },
    };

    [Theory]
    [MemberData(nameof(Bans))]
    public void What_is_banned_stands_only_in_its_room(string pattern, string allowed, string reason)
    {
        var regex = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(5));
        string[] rooms = allowed.Split('|', StringSplitOptions.RemoveEmptyEntries);
        string[] breaches = [.. SourceTree.Product
            .Where(file => !rooms.Any(room => file.Path.StartsWith(room, StringComparison.Ordinal)))
            .SelectMany(file => file.LinesMatching(regex))];

        Assert.True(breaches.Length == 0, $"{reason}; found outside {(allowed.Length > 0 ? allowed : "(nowhere allowed)")}:\n{string.Join('\n', breaches)}");
    }

    [Theory]
    [MemberData(nameof(Bans))]
    public void A_ban_that_nothing_could_break_is_no_ban(string pattern, string allowed, string reason)
    {
        // Each pattern must match the thing it is meant for: a typo in it would make the test above pass for ever.
        string[] samples =
        [
            "Process.Start(\"x\")", "[LibraryImport(\"libc\")]", "Open(\"/proc/stat\")", "\"SELECT a FROM b\"", "DateTime.UtcNow", "Thread.Sleep(5)",
            "throw new NotImplementedException()", "Console.WriteLine()", "GC.Collect()",
        ];
        Assert.True(samples.Count(sample => Regex.IsMatch(sample, pattern)) == 1, $"{pattern} ({allowed}; {reason})");
    }

    [Fact]
    public void Nothing_is_left_to_do_in_a_comment()
    {
        var regex = new Regex(@"\b(TODO|FIXME|HACK|XXX)\b");
        string[] breaches = [.. SourceTree.Product.Concat(SourceTree.Tests)
            .Where(file => !file.Path.EndsWith("BanTests.cs", StringComparison.Ordinal))
            .Where(file => regex.IsMatch(file.Text)).Select(file => file.Path)];
        Assert.Empty(breaches);
    }
}
