using System.CommandLine;
using HostAgent.Aggregator.Hosting;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Enrolment;

/// <summary><c>hostaggregator token</c>: an enrolment token, made by whoever may read the data directory, also while the aggregator runs.</summary>
internal static class TokenCommand
{
    /// <summary>The command. <paramref name="open"/>: the documents of a data directory.</summary>
    public static Command Create(SettingsReader settings, Func<string, IDocumentStore> open)
    {
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = $"The data directory. Default: {settings.DefaultDataDirectory()}" };
        var passphrase = new Option<string?>("--passphrase-file") { HelpName = "FILE", Description = "File whose first line is the passphrase of the authority's key" };
        var minutes = new Option<double>("--minutes") { HelpName = "N", Description = "How long it is good for. Default: 60", DefaultValueFactory = static _ => 60 };
        var label = new Option<string[]>("--label")
        {
            HelpName = "NAME=VALUE",
            Description = "Label of the host that uses it, added to all its series; may be given several times",
            DefaultValueFactory = static _ => [],
        };
        var replace = new Option<bool>("--replace") { Description = "It may enrol a host that is enrolled already, such as one that was installed anew" };
        var command = new Command("token", "Print an enrolment token: good once, for one host. It is not kept and cannot be shown again.")
        {
            data, passphrase, minutes, label, replace,
        };
        command.SetAction(parsed =>
        {
            string? Value(string name) => name == "--data" ? parsed.GetValue(data) : parsed.GetValue(passphrase);
            string directory = settings.DataDirectory(Value);
            var files = new AuthorityFiles(directory, Environment.MachineName, TimeProvider.System, settings.Passphrase(Value));
            if (!files.Exist)
            {
                throw new StartException(ExitCodes.CannotCreate, $"there is no authority in {directory}: hostaggregator init makes one");
            }

            using IDocumentStore documents = open(directory);
            var tokens = new EnrolmentTokens(documents, () => files.Ensure(out _), new EnrolmentOptions(), TimeProvider.System);
            try
            {
                var order = new TokenOrder
                {
                    CreatedBy = $"{Environment.UserName} at the data directory",
                    Lifetime = TimeSpan.FromMinutes(Math.Clamp(parsed.GetValue(minutes), -1, 1e7)),
                    Labels = parsed.GetValue(label)!.Select(Label).ToDictionary(static l => l.Name, static l => l.Value),
                    MayReplace = parsed.GetValue(replace),
                };
                parsed.InvocationConfiguration.Output.WriteLine(tokens.Create(order).Text.Reveal());
                return ExitCodes.Ok;
            }
            catch (ArgumentException e)
            {
                throw new StartException(ExitCodes.Usage, e.Message, e);
            }
        });
        return command;
    }

    private static (string Name, string Value) Label(string text)
        => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (text[..at], text[(at + 1)..]) : throw new ArgumentException($"--label: \"{text}\" is not NAME=VALUE");
}
