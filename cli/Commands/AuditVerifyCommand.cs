using System.CommandLine;
using System.Globalization;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;
using HostAgent.Protos.Audit;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl audit verify</c>: computes the whole chain anew, here, and takes nobody's word for it.</summary>
internal static class AuditVerifyCommand
{
    private const int PageSize = 1000;

    /// <summary>The command.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var anchor = new Option<string[]>("--anchor") { HelpName = "SEQ:HASH", Description = "An anchor kept from before; may be repeated" };
        var file = new Option<string?>("--anchor-file") { HelpName = "FILE", Description = "A file of anchors, one a line; lines that begin with # are passed over" };
        var command = new ManualCommand("verify", "Read the whole audit, compute every hash here, and name each edit, deletion, insertion and cut.")
        {
            Notes = """
                Without an anchor this finds what does not fit together; with one also an audit that was replaced as a whole. When the aggregator
                does not run: hostaggregator audit verify --data DIR.
                """,
            ExitCodes = "0   nothing was changed\n2   something was; each finding is named",
            Examples = """
                hostctl audit verify
                hostctl audit verify --anchor-file /mnt/elsewhere/hostagent-anchors
                """,
        };
        command.Add(anchor);
        command.Add(file);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            List<AuditAnchor> anchors = [.. Lines(parsed.GetValue(anchor) ?? [], parsed.GetValue(file)).Select(Parse)];
            using AggregatorClient client = connection.Client(parsed);
            AuditVerifier verifier = await WalkAsync(client, anchors, cancellationToken);
            foreach (AuditFinding finding in verifier.Findings)
            {
                terminal.Out.WriteLine($"{terminal.Paint(Style.Bad, "broken")} at record {finding.Sequence}: {finding.What}");
            }

            bool whole = verifier.FindingCount == 0;
            terminal.Out.WriteLine(whole
                ? $"{verifier.Records} records, {anchors.Count} anchors: nothing was changed. Head: {verifier.Head}"
                : $"{verifier.Records} records, {anchors.Count} anchors: {verifier.FindingCount} findings. Keep the store as it is, and look at who had access to it.");
            return whole ? ExitCodes.Ok : ExitCodes.Critical;
        });
        return command;
    }

    private static async Task<AuditVerifier> WalkAsync(AggregatorClient client, List<AuditAnchor> anchors, CancellationToken cancellationToken)
    {
        AuditVerifier? verifier = null;
        ulong after = 0;
        ulong asked;
        AuditPage page;
        do
        {
            asked = after;
            page = await client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"v1/audit?after={after}&limit={PageSize}"), ClientJson.Default.AuditPage, cancellationToken);
            verifier ??= new AuditVerifier([.. anchors, Parse(page.Head)]); // the head at the begin: what is appended meanwhile comes on top
            foreach (AuditItem record in page.Records)
            {
                verifier.Add(record.ToRecord());
                after = Math.Max(after, record.Sequence);
            }
        }
        while (page.More && after > asked); // records out of order must not make this endless: what is left of them was found already
        verifier.Finish();
        return verifier;
    }

    private static string[] Lines(string[] given, string? file)
    {
        try
        {
            return file is null ? given : [.. given, .. File.ReadLines(file).Where(line => line.Trim() is { Length: > 0 } text && text[0] != '#')];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"--anchor-file: {e.Message}");
        }
    }

    private static AuditAnchor Parse(string text)
        => AuditAnchor.TryParse(text) ?? throw new CliException(ExitCodes.Usage, $"\"{text}\" is no anchor: SEQUENCE:HASH, as hostctl audit anchor prints it");
}
