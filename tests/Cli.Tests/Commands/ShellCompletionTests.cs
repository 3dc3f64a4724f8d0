using HostAgent.Aggregator.Tests.Api;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.Cli.Tests.Commands;

/// <summary>The completion scripts in the shells they are for: fish answers what it would offer, zsh is given a TAB on a pseudo terminal.</summary>
[Collection(AggregatorCollection.Name)]
public sealed class ShellCompletionTests(RunningAggregator aggregator) : IDisposable
{
    // $1 what is typed before TAB, $2 the pattern that must be seen after it, $3 how the script is installed before compinit, $4 after it.
    private const string ZshOnTerminal = """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        seen=
        await() {
            local piece
            local -i tries=0
            while (( tries++ < 600 )); do
                if zpty -r -t shell piece; then
                    seen+=$piece
                    [[ $seen == *$~1* ]] && return 0
                else
                    sleep 0.05
                fi
            done
            print -r -- "not seen: $1, but ${(V)seen}"
            exit 1
        }
        zpty -w -n shell "PS1=''; $3; autoload -Uz compinit; compinit -D -u; $4; print be''gin"$'\n'
        await begin
        seen=
        zpty -w -n shell "$1"$'\t'
        await "$2"
        zpty -d shell
        """;

    private static readonly string Folder = AppContext.BaseDirectory.TrimEnd('/');

    private readonly TempDirectory _directory = new("completion");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("hostctl que", "query")]
    [InlineData("hostctl query --ra", "--range")]
    [InlineData("hostctl query m --agg m", "max min")]
    [InlineData("hostctl completion f", "fish")]
    [InlineData("true; hostctl que", "query")]
    public async Task Fish_completes_commands_options_and_values(string line, string expected)
    {
        (int exitCode, string output) = await RunAsync("fish", "--no-config", "-c", $"hostctl completion fish | source; complete -C '{line}'");
        Assert.Equal((0, expected), (exitCode, string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order())));
    }

    [Theory]
    [InlineData("hostctl que", "query")]
    [InlineData("hostctl query --ra", "--range")]
    [InlineData("hostctl query m --agg m", "max*min")]
    [InlineData("hostctl completion f", "fish")]
    [InlineData("true; hostctl que", "query")]
    public async Task Zsh_completes_when_the_script_is_sourced(string line, string seen)
        => await ZshCompletesAsync(line, seen, "true", "source <(hostctl completion zsh)");

    [Fact]
    public async Task Zsh_completes_at_the_first_TAB_when_the_script_is_a_file_of_fpath()
    {
        string script = $"hostctl completion zsh > {_directory.FullPath}/_hostctl";
        Assert.Equal((0, ""), await RunAsync("bash", "-c", script));
        await ZshCompletesAsync("hostctl que", "query", $"fpath=({_directory.FullPath} $fpath)", "true");
    }

    private async Task ZshCompletesAsync(string line, string seen, string before, string after)
        => Assert.Equal((0, ""), await RunAsync("zsh", "-f", "-c", ZshOnTerminal, "zsh", line, seen, before, after));

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] argv)
    {
        string log = _directory.File(Guid.NewGuid().ToString("N"));
        await using var shell = ChildProcess.Start(argv[0], argv, log, new Dictionary<string, string>
        {
            ["HOSTCTL_AGGREGATOR"] = aggregator.Url.ToString(),
            ["PATH"] = Folder + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["HOME"] = _directory.FullPath,
            ["TERM"] = "xterm",
        });
        int exitCode = await shell.WaitAsync(TimeSpan.FromSeconds(60));
        return (exitCode, shell.Output);
    }
}
