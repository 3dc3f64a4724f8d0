using System.CommandLine;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Storage;
using HostAgent.Protos.Audit;

namespace HostAgent.Aggregator.Audit;

/// <summary><c>hostaggregator audit verify</c>: walks the audit of an aggregator that need not run.</summary>
internal static class AuditVerifyCommand
{
    /// <summary>Exit code when something was changed, as hostctl has it.</summary>
    private const int Broken = 2;

    /// <param name="settings">Where the data directory comes from when it is not given.</param>
    /// <param name="open">The documents of a data directory, which a running aggregator may have open, too.</param>
    public static Command Create(SettingsReader settings, Func<string, IDocumentStore> open)
    {
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = $"The data directory. Default: {settings.DefaultDataDirectory()}" };
        var anchor = new Option<string[]>("--anchor") { HelpName = "SEQ:HASH", Description = "An anchor kept from before (hostctl audit anchor); may be repeated" };
        var verify = new Command("verify", "Compute the audit's whole chain anew and name each edit, deletion, insertion and cut. Exit code 0: whole, 2: changed.") { data, anchor };
        verify.SetAction(parsed =>
        {
            string directory = settings.DataDirectory(name => name == "--data" ? parsed.GetValue(data) : null);
            List<AuditAnchor> anchors = [.. (parsed.GetValue(anchor) ?? []).Select(Parse)];
            string headPath = Path.Combine(directory, AuditHeadFile.Name);
            if (!File.Exists(headPath))
            {
                throw new StartException(ExitCodes.NoInput, $"there is no audit in {directory} ({AuditHeadFile.Name} is missing); name the aggregator's directory with --data DIR");
            }

            anchors.Add(AuditHeadFile.TryRead(headPath) ?? throw new StartException(ExitCodes.NoInput, $"{headPath} holds no head: it was damaged or replaced"));
            using IDocumentStore store = open(directory);
            AuditVerifier verifier = AuditDocuments.Verify(store, anchors);
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach (AuditFinding finding in verifier.Findings)
            {
                output.WriteLine($"broken at record {finding.Sequence}: {finding.What}");
            }

            output.WriteLine($"{verifier.Records} records, {anchors.Count} anchors with {AuditHeadFile.Name}: "
                + (verifier.FindingCount == 0 ? $"nothing was changed. Head: {verifier.Head}" : $"{verifier.FindingCount} findings"));
            return verifier.FindingCount == 0 ? ExitCodes.Ok : Broken;
        });
        return new Command("audit", "The record of who did what.") { verify };
    }

    private static AuditAnchor Parse(string text)
        => AuditAnchor.TryParse(text) ?? throw new StartException(ExitCodes.Usage, $"--anchor: \"{text}\" is no anchor: SEQUENCE:HASH, as hostctl audit anchor prints it");
}
