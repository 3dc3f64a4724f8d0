using System.CommandLine;
using HostAgent.Cli.Help;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary><c>hostctl completion</c>: scripts that make shells complete hostctl. They ask hostctl itself, so they know every option.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # bash completion for hostctl
        _hostctl() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(hostctl "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _hostctl hostctl
        """;

    private const string Zsh = """
        #compdef hostctl
        # zsh completion for hostctl
        _hostctl() {
            local line="${(j: :)words[1,CURRENT]}"
            local -a suggestions
            suggestions=("${(@f)$(hostctl "[suggest:${#line}]" "${line}" 2>/dev/null)}")
            compadd -- "${suggestions[@]}"
        }
        # A file of $fpath is run as the function at the first TAB; a file that is sourced only registers it.
        if [[ ${funcstack[1]} == _hostctl ]]; then _hostctl; else compdef _hostctl hostctl; fi
        """;

    private const string Fish = """
        # fish completion for hostctl
        function __hostctl_suggestions
            set -l line (commandline -cp | string collect)
            hostctl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c hostctl -f -a '(__hostctl_suggestions)'
        """;

    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new ManualCommand("completion", "Print a script that makes a shell complete hostctl's commands, options and hosts.")
        {
            Examples = """
                source <(hostctl completion bash)
                hostctl completion bash > /etc/bash_completion.d/hostctl
                hostctl completion zsh > "${fpath[1]}/_hostctl"
                hostctl completion fish > ~/.config/fish/completions/hostctl.fish
                """,
        };
        command.Add(shell);
        command.SetAction(parsed =>
        {
            terminal.Out.WriteLine(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return ExitCodes.Ok;
        });
        return command;
    }
}
