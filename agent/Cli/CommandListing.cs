using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Agent.Configuration;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Cli;

/// <summary>What <c>hostagent commands</c> and <c>hostagent kinds</c> print.</summary>
internal static class CommandListing
{
    private static readonly JsonWriterOptions JsonOptions = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The journal, oldest first.</summary>
    public static string Journal(AgentOptions options, bool json, TimeProvider time)
    {
        CommandEntry[] entries = [.. CommandJournal.Look(options.StateDirectory, time).Entries.Values.OrderBy(static entry => entry.ReceivedUnixMs)];
        if (json)
        {
            return Json(entries, Write);
        }

        var text = new StringBuilder();
        foreach (CommandEntry entry in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Time(entry.ReceivedUnixMs)}  {entry.Id[..8]}  {entry.State.Word(),-18} {entry.Kind}");
            foreach (Arg arg in entry.Order.Body.Args)
            {
                text.Append(CultureInfo.InvariantCulture, $" {arg.Name}={arg.Value}");
            }

            text.Append(CultureInfo.InvariantCulture, $"  by {Who(entry)}\n");
            if (entry.Report.Message.Length > 0)
            {
                text.Append("    ").Append(entry.Report.Message.ReplaceLineEndings("\n    ")).Append('\n');
            }
        }

        return text.Length == 0 ? "no commands\n" : text.ToString();
    }

    /// <summary>The kinds that this agent knows.</summary>
    public static string Kinds(AgentOptions options, bool json, TimeProvider time)
    {
        IReadOnlyList<HandlerDefinition> definitions = CommandStage.Handlers(options.Commands, time).Definitions;
        var source = new PolicySource(options.Commands.PolicyFile, definitions, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        CommandPolicy policy = source.Current(out string? problem);
        CommandKindDef[] kinds = [.. definitions.Select(definition => KindDefs.Of(definition, policy))];
        if (json)
        {
            return Json(kinds, Write);
        }

        var text = new StringBuilder();
        foreach (CommandKindDef kind in kinds)
        {
            text.Append(CultureInfo.InvariantCulture, $"{kind.Kind,-26} {(kind.Allowed ? "allowed" : "denied ")}  {(kind.Changes ? "changes" : "looks  ")}");
            text.Append(kind.Signatures == 0 ? "" : $"  {kind.Signatures} signatures").Append("  ").Append(kind.Help).Append('\n');
            foreach (ArgDef arg in kind.Args)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {arg.Name}{(arg.Required ? "" : "?")}: {arg.Help}");
                text.Append(arg.Choices.Count == 0 ? "" : $" One of {string.Join(", ", arg.Choices)}.");
                text.Append(arg.DefaultValue.Length == 0 ? "" : $" Default {arg.DefaultValue}.").Append('\n');
            }
        }

        return text.Append(problem is null ? "" : $"{problem}\n").ToString();
    }

    private static string Json<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, JsonOptions))
        {
            json.WriteStartArray();
            foreach (T item in items)
            {
                json.WriteStartObject();
                write(json, item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, CommandEntry entry)
    {
        json.WriteString("id", entry.Id);
        json.WriteString("kind", entry.Kind);
        Write(json, "args", entry.Order.Body.Args);
        json.WriteString("state", entry.State.Word());
        json.WriteString("requestedBy", Who(entry));
        json.WriteStartArray("signedBy");
        foreach (OrderSignature signature in entry.Order.Signatures)
        {
            json.WriteStringValue(signature.Operator);
        }

        json.WriteEndArray();
        json.WriteBoolean("dryRun", entry.Order.Body.DryRun);
        json.WriteNumber("receivedUnixMs", entry.ReceivedUnixMs);
        json.WriteNumber("begunUnixMs", entry.BegunUnixMs);
        json.WriteNumber("endedUnixMs", entry.EndedUnixMs);
        json.WriteString("message", entry.Report.Message);
        Write(json, "results", entry.Report.Results);
    }

    private static void Write(Utf8JsonWriter json, CommandKindDef kind)
    {
        json.WriteString("kind", kind.Kind);
        json.WriteString("help", kind.Help);
        json.WriteBoolean("allowed", kind.Allowed);
        json.WriteBoolean("changes", kind.Changes);
        json.WriteNumber("signatures", kind.Signatures);
        json.WriteNumber("defaultTimeoutMs", kind.DefaultTimeoutMs);
        json.WriteStartArray("args");
        foreach (ArgDef arg in kind.Args)
        {
            json.WriteStartObject();
            json.WriteString("name", arg.Name);
            json.WriteString("help", arg.Help);
            json.WriteString("type", arg.Type.ToString().ToLowerInvariant());
            json.WriteBoolean("required", arg.Required);
            json.WriteString("default", arg.DefaultValue);
            json.WriteBoolean("secret", arg.Secret);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<Arg> args)
    {
        json.WriteStartObject(name);
        foreach (Arg arg in args)
        {
            json.WriteString(arg.Name, arg.Value);
        }

        json.WriteEndObject();
    }

    private static string Who(CommandEntry entry) => entry.Order.RequestedBy.Length == 0 ? "(nobody said)" : entry.Order.RequestedBy;

    private static string Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
