using System.CommandLine;
using System.Security.Cryptography;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;
using HostAgent.Cli.Signing;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl key</c>: the key that an operator signs orders with.</summary>
internal static class KeyCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var signing = new SigningOptions();
        ManualCommand create = Verb("create", "Make your key and print its public half.", "hostctl key create > alice.pem", signing);
        create.SetAction(parsed => Print(terminal, signing.FileOf(parsed, terminal), OperatorKey.Create));
        ManualCommand show = Verb("show", "Print the public half of your key.", "hostctl key show | ssh root@web1 tee /etc/hostagent/operators.d/alice.pem", signing);
        show.SetAction(parsed => Print(terminal, signing.FileOf(parsed, terminal), OperatorKey.Load));
        return new ManualCommand("key", "Make or show the key that you sign orders with.")
        {
            Notes = "The private half stays in its file (mode 0600). Put the public half into the agents' operators.d directory under your name: NAME.pem.",
            Examples = "hostctl key create\nhostctl key show",
            Subcommands = { create, show },
        };
    }

    private static ManualCommand Verb(string name, string description, string example, SigningOptions signing)
    {
        var verb = new ManualCommand(name, description) { Examples = example };
        verb.Add(signing.Key);
        return verb;
    }

    private static int Print(Terminal terminal, string file, Func<string, ECDsa> open)
    {
        using ECDsa key = open(file);
        terminal.Out.WriteLine(key.ExportSubjectPublicKeyInfoPem());
        terminal.Error.WriteLine($"The private half is in {file}. Put the lines above into operators.d/NAME.pem of the agents that shall obey it.");
        return ExitCodes.Ok;
    }
}
