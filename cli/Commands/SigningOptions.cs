using System.CommandLine;
using HostAgent.Cli.Output;
using HostAgent.Cli.Signing;

namespace HostAgent.Cli.Commands;

/// <summary>Who signs, and with which key.</summary>
internal sealed class SigningOptions
{
    /// <summary>The key's file.</summary>
    public Option<string?> Key { get; } = new("--key") { HelpName = "FILE", Description = "Your private key. Default: ~/.config/hostctl/operator.key" };

    /// <summary>The signer's name.</summary>
    public Option<string?> Operator { get; } = new("--operator")
    {
        HelpName = "NAME",
        Description = "Your name in the agents' operators directories. Default: $HOSTCTL_OPERATOR, else $USER",
    };

    /// <summary>The key's file, as the command line or the environment says.</summary>
    public string FileOf(ParseResult parsed, Terminal terminal) => parsed.GetValue(Key) ?? OperatorKey.DefaultFile(terminal.Environment);

    /// <summary>Signs as the command line or the environment says.</summary>
    /// <exception cref="CliException">Nobody is named.</exception>
    public OrderSigner Signer(ParseResult parsed, Terminal terminal)
        => new(FileOf(parsed, terminal), OperatorKey.OperatorName(parsed.GetValue(Operator), terminal.Environment));
}
