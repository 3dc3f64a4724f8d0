using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HostAgent.Architecture.Tests;

/// <summary>The systemd units are as tight as docs/security.md says.</summary>
public sealed partial class UnitFileTests
{
    /// <summary>The highest exposure by systemd-analyze security: 0 is none, 10 is all of it.</summary>
    public static TheoryData<string, double> Exposures { get; } = new()
    {
        { "agent/packaging/hostagent.service", 1.7 },
        { "aggregator/packaging/hostaggregator.service", 1.1 },
    };

    [Theory]
    [MemberData(nameof(Exposures))]
    public async Task A_unit_exposes_no_more_than_is_reported(string unit, double atMost)
    {
        string report = await AnalyzeAsync(Path.Combine(SourceTree.Root, unit));
        Match overall = Overall().Match(report);
        Assert.True(overall.Success, report);
        double exposure = double.Parse(overall.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(exposure <= atMost, $"{unit} exposes {exposure}, more than {atMost}:\n{string.Join('\n', report.Split('\n').Where(line => line.Contains('✗', StringComparison.Ordinal)))}");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"`{unit}` | {exposure:0.0}"), SourceTree.ReadText("docs/security.md"));
    }

    [Theory]
    [MemberData(nameof(Exposures))]
    public void A_unit_has_a_user_of_its_own_and_every_capability_a_reason(string unit, double exposure)
    {
        Assert.InRange(exposure, 0, 2);
        string[] lines = SourceTree.ReadText(unit).Split('\n');
        Assert.Contains("DynamicUser=yes", lines);
        Assert.Contains("NoNewPrivileges=yes", lines);
        foreach (string key in new[] { "CapabilityBoundingSet=", "AmbientCapabilities=" })
        {
            string set = Assert.Single(lines, line => line.StartsWith(key, StringComparison.Ordinal)); // absent would mean: all of them
            foreach (string capability in set[key.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.Contains(lines, line => line.StartsWith($"# {capability}: ", StringComparison.Ordinal));
            }
        }
    }

    private static async Task<string> AnalyzeAsync(string path)
    {
        using Process program = Process.Start(new ProcessStartInfo("systemd-analyze", ["security", "--offline=true", "--no-pager", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = program.StandardError.ReadToEndAsync();
        string report = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return report + await error;
    }

    [GeneratedRegex(@"Overall exposure level for \S+: ([0-9.]+)")]
    private static partial Regex Overall();
}
