using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl enrolment token</c>: the tokens by which hosts come to belong.</summary>
internal static class EnrolmentCommand
{
    /// <summary>The command and those below it.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var token = new ManualCommand("token", "Make, list and revoke the tokens that enrol hosts, one each.")
        {
            Examples = "hostctl enrolment token create --label env=staging --out web7.token",
        };
        token.Add(CreateCreate(connection, terminal));
        token.Add(CreateList(connection, terminal));
        token.Add(CreateRevoke(connection, terminal));
        var command = new ManualCommand("enrolment", "Let hosts come to belong.") { Examples = "hostctl enrolment token create" };
        command.Add(token);
        return command;
    }

    private static ManualCommand CreateCreate(ConnectionOptions connection, Terminal terminal)
    {
        var label = new Option<string[]>("--label") { HelpName = "NAME=VALUE", Description = "A label of the host that uses it, which the host cannot change; may be repeated" };
        var expires = new Option<string?>("--expires-in") { HelpName = "DURATION", Description = "How long it is good for, at most 30d. Default: 1h" };
        var replace = new Option<bool>("--may-replace") { Description = "It may enrol anew a host that is enrolled already, such as one that was installed anew" };
        var file = new Option<string?>("--out") { HelpName = "FILE", Description = "Write the token into a new file of mode 0600 instead of showing it" };
        var command = new ManualCommand("create", "Make a token that enrols one host. It is said once and can never be shown again.")
        {
            Notes = "The token alone goes to standard output. It carries the fingerprint of the authority, so that the host knows the aggregator before it sends the secret.",
            Examples = """
                hostctl enrolment token create --label env=staging --label rack=r1
                hostctl enrolment token create --expires-in 10m --out web7.token
                """,
        };
        foreach (Option option in new Option[] { label, expires, replace, file, connection.Json })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var wanted = new NewEnrolmentToken(Labels(parsed.GetValue(label) ?? []), parsed.GetValue(expires), parsed.GetValue(replace));
            using AggregatorClient client = connection.Client(parsed);
            using FileStream? target = parsed.GetValue(file) is { } path ? SecretFile.Make(path) : null;
            byte[] body = await client.PostAsync("v1/enrolment-tokens", JsonSerializer.SerializeToUtf8Bytes(wanted, ClientJson.Default.NewEnrolmentToken), cancellationToken);
            CreatedEnrolmentToken made = client.Understand(body, ClientJson.Default.CreatedEnrolmentToken);
            if (target is not null)
            {
                await target.WriteAsync(Encoding.ASCII.GetBytes(made.Secret + "\n"), cancellationToken);
            }
            else if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
            }
            else
            {
                terminal.Out.WriteLine(made.Secret);
            }

            terminal.Error.WriteLine($"Enrolment token {made.Token.Id}, good once, until {Minute(made.Token.Expires)}. "
                + (target is null ? "It is shown this once." : $"It is in {target.Name}"));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand CreateList(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("list", "List enrolment tokens that are active or were lately.") { Examples = "hostctl enrolment token list" };
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            byte[] body = await client.GetAsync("v1/enrolment-tokens", cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
                return ExitCodes.Ok;
            }

            var table = new Table("ID", "STATE", "EXPIRES", "MADE BY", "LABELS", "REPLACES", "USED BY");
            foreach (EnrolmentTokenSummary token in client.Understand(body, ClientJson.Default.EnrolmentTokenList).Tokens)
            {
                table.Add(token.Id, token.State, Minute(token.Expires), token.CreatedBy, string.Join(",", token.Labels.Select(l => $"{l.Key}={l.Value}")), token.MayReplace ? "yes" : "no", token.UsedByHostId ?? "");
            }

            table.Write(terminal);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand CreateRevoke(ConnectionOptions connection, Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The token's id: 16 hex digits, no secret" };
        var command = new ManualCommand("revoke", "Make an enrolment token useless. A host that has used it stays enrolled: hostctl host revoke shuts it out.")
        {
            Examples = "hostctl enrolment token revoke 0123456789abcdef",
        };
        command.Add(id);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string which = parsed.GetRequiredValue(id);
            if (which.StartsWith("hae", StringComparison.Ordinal) && which.Contains('.', StringComparison.Ordinal))
            {
                throw new CliException(ExitCodes.Usage, "that is a token, not its id: the command line is no place for it. The id is what stands between its first two dots");
            }

            using AggregatorClient client = connection.Client(parsed);
            await client.PostAsync($"v1/enrolment-tokens/{Uri.EscapeDataString(which)}/revoke", null, cancellationToken);
            terminal.Out.WriteLine($"Enrolment token {which} is revoked.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Dictionary<string, string> Labels(string[] given)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in given)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !labels.TryAdd(text[..equals], text[(equals + 1)..]))
            {
                throw new CliException(ExitCodes.Usage, $"--label: \"{text}\" is no NAME=VALUE, or its name stands twice");
            }
        }

        return labels;
    }

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
