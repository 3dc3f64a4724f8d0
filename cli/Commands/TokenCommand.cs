using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HostAgent.Cli.Api;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl token</c>: who has which token.</summary>
internal static class TokenCommand
{
    /// <summary>The command and those below it.</summary>
    public static Command Create(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("token", "Make, list and revoke the tokens by which people and programs show who they are.")
        {
            Notes = """
                viewer    sees everything except tokens and the audit
                operator  also acts on hosts, within the scopes of the token
                admin     also hands out tokens, enrols and revokes hosts, reads the audit
                """,
            Examples = """
                hostctl token create --owner ann --role operator --scope '{env="staging"}' --expires-in 30d
                hostctl token list
                """,
        };
        command.Add(CreateCreate(connection, terminal));
        command.Add(CreateList(connection, terminal));
        command.Add(CreateRevoke(connection, terminal));
        return command;
    }

    private static ManualCommand CreateCreate(ConnectionOptions connection, Terminal terminal)
    {
        var owner = new Option<string>("--owner") { HelpName = "NAME", Description = "Whose it will be: the name in the audit", Required = true };
        var role = new Option<string>("--role") { HelpName = "viewer|operator|admin", Description = "What its bearer may do", Required = true };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        var scope = new Option<string[]>("--scope")
        {
            HelpName = "SELECTOR",
            Description = "Hosts an operator may act on, by labels; may be repeated. Default: all hosts",
            AllowMultipleArgumentsPerToken = false,
        };
        var purpose = new Option<string?>("--purpose") { HelpName = "TEXT", Description = "What it is for" };
        var expires = new Option<string?>("--expires-in") { HelpName = "DURATION", Description = "How long it is valid, at most 366d. Default: 90d" };
        var file = new Option<string?>("--out") { HelpName = "FILE", Description = "Write the token into a new file of mode 0600 instead of showing it" };
        var command = new ManualCommand("create", "Make a token. It is said once and can never be shown again.")
        {
            Notes = "The token alone goes to standard output, everything about it to standard error.",
            Examples = """
                hostctl token create --owner ann --role operator --expires-in 30d
                hostctl token create --owner grafana --role viewer --expires-in 366d --out /etc/grafana/hostagent.token
                hostctl token create --owner deploy --role operator --scope '{env="staging",role=~"web|db"}'
                """,
        };
        foreach (Option option in new Option[] { owner, role, scope, purpose, expires, file, connection.Json })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            var wanted = new NewToken(
                parsed.GetRequiredValue(owner), parsed.GetRequiredValue(role), parsed.GetValue(scope) ?? [], parsed.GetValue(purpose), parsed.GetValue(expires));
            using FileStream? target = parsed.GetValue(file) is { } path ? NewFile(path) : null; // before the token exists: a file that cannot be made loses none
            byte[] body = await client.PostAsync("v1/tokens", JsonSerializer.SerializeToUtf8Bytes(wanted, ClientJson.Default.NewToken), cancellationToken);
            CreatedToken made = client.Understand(body, ClientJson.Default.CreatedToken);
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

            terminal.Error.WriteLine($"Token {made.Token.Id} of {made.Token.Owner} ({made.Token.Role}), valid until {Minute(made.Token.Expires)}. "
                + (target is null ? "It is shown this once." : $"It is in {target.Name}"));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand CreateList(ConnectionOptions connection, Terminal terminal)
    {
        var command = new ManualCommand("list", "List all tokens, also expired and revoked ones. Secrets are not among what is known of them.")
        {
            Examples = """
                hostctl token list
                hostctl token list --json | jq -r '.tokens[] | select(.state == "valid") | .owner'
                """,
        };
        command.Add(connection.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using AggregatorClient client = connection.Client(parsed);
            byte[] body = await client.GetAsync("v1/tokens", cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                terminal.WriteJson(body);
                return ExitCodes.Ok;
            }

            var table = new Table("ID", "OWNER", "ROLE", "STATE", "EXPIRES", "MADE BY", "SCOPES", "PURPOSE");
            foreach (TokenSummary token in client.Understand(body, ClientJson.Default.TokenList).Tokens)
            {
                table.Add(
                    (token.Id, Style.Plain), (token.Owner, Style.Plain), (token.Role, Style.Plain), (token.State, token.State == "valid" ? Style.Plain : Style.Faint),
                    (Minute(token.Expires), Style.Plain), (token.CreatedBy, Style.Plain), (string.Join(" ", token.Scopes), Style.Plain), (token.Purpose, Style.Plain));
            }

            table.Write(terminal);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static ManualCommand CreateRevoke(ConnectionOptions connection, Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The token's id: 12 hex digits, no secret" };
        var command = new ManualCommand("revoke", "Revoke a token, and the browser sessions opened with it, from the next request on.")
        {
            Examples = "hostctl token revoke 0123456789ab",
        };
        command.Add(id);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string which = parsed.GetRequiredValue(id);
            if (which.StartsWith("hat_", StringComparison.Ordinal))
            {
                throw new CliException(ExitCodes.Usage, "that is a token, not its id: the command line is no place for it. The id is what stands between hat_ and the next _");
            }

            using AggregatorClient client = connection.Client(parsed);
            TokenSummary token = client.Understand(await client.PostAsync($"v1/tokens/{Uri.EscapeDataString(which)}/revoke", null, cancellationToken), ClientJson.Default.TokenSummary);
            terminal.Out.WriteLine($"Token {token.Id} of {token.Owner} is {token.State}.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static FileStream NewFile(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"--out: {e.Message}");
        }
    }

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
