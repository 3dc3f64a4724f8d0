using HostAgent.Aggregator.Tests.Api;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.Cli.Tests.Commands;

/// <summary>The real program in a real shell and on a real (pseudo) terminal.</summary>
[Collection(AggregatorCollection.Name)]
public sealed class ProgramTests(RunningAggregator aggregator) : IDisposable
{
    private static readonly string Folder = AppContext.BaseDirectory.TrimEnd('/');

    private readonly TempDirectory _directory = new("hostctl");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_answers_and_its_exit_code_is_the_answer()
    {
        (int exitCode, string output) = await RunAsync($"{Folder}/hostctl", "query", "host_load1");
        Assert.Equal(0, exitCode);
        Assert.Contains("host_load1{host=\"web1\"}    0.9", output);
        Assert.Equal(1, (await RunAsync($"{Folder}/hostctl", "query", "nothing")).ExitCode);
        Assert.Equal(64, (await RunAsync($"{Folder}/hostctl", "--nonsense")).ExitCode);
        Assert.Equal(0, (await RunAsync($"{Folder}/hostctl", "--version")).ExitCode);
    }

    [Fact]
    public async Task Piped_output_has_no_colour_and_a_terminal_has_unless_NO_COLOR_says_otherwise()
    {
        Assert.DoesNotContain('\e', (await RunAsync($"{Folder}/hostctl", "hosts")).Output);
        Assert.Contains("\e[31mdown\e[0m", (await OnTerminalAsync("hostctl hosts")).Output);
        Assert.DoesNotMatch("\e\\[[0-9;]*m", (await OnTerminalAsync("NO_COLOR=1 hostctl hosts")).Output);
    }

    [Fact]
    public async Task Top_takes_the_screen_refreshes_it_and_gives_it_back_on_Ctrl_C()
    {
        string pidFile = _directory.File("pid");
        await using ChildProcess terminal = Start("script", "-qefc", $"echo $$ > {pidFile}; exec hostctl top", "/dev/null");
        await Eventually.TrueAsync(() => terminal.Output.Split("\e[H").Length > 2, "a second frame", TimeSpan.FromSeconds(60));
        Assert.Equal(0, (await RunAsync("kill", "-INT", File.ReadAllText(pidFile).Trim())).ExitCode);
        Assert.Equal(0, await terminal.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("\e[?1049h", terminal.Output);
        Assert.Contains("web1", terminal.Output);
        Assert.EndsWith("\e[?25h\e[?1049l", terminal.Output.TrimEnd());
    }

    [Theory]
    [InlineData("hostctl que", "query")]
    [InlineData("hostctl query --ra", "--range")]
    [InlineData("hostctl query m --agg m", "max min")]
    [InlineData("hostctl completion f", "fish")]
    public async Task Bash_completes_commands_options_and_values(string line, string expected)
    {
        string script = $"source <(hostctl completion bash); COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=({line}); "
            + "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _hostctl; echo \"${COMPREPLY[@]}\"";
        (int exitCode, string output) = await RunAsync("bash", "-c", script);
        Assert.Equal(0, exitCode);
        Assert.Equal(expected, string.Join(' ', output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Order()));
    }

    [Fact]
    public async Task Hosts_are_completed_with_what_the_aggregator_knows()
        // Within two seconds or not at all, as a busy machine may have it; here nothing has to be compiled first.
        => await Eventually.TrueAsync(
            async () => (await HostctlRun.AsksAsync(aggregator.Url, "[suggest:19]", "hostctl account web")).Output == "web1\nweb2\n",
            "the hosts' names",
            TimeSpan.FromSeconds(60));

    private Task<(int ExitCode, string Output)> OnTerminalAsync(string command)
        => RunAsync("script", "-qec", command, "/dev/null");

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] argv)
    {
        await using ChildProcess program = Start(argv);
        int exitCode = await program.WaitAsync(TimeSpan.FromSeconds(60));
        return (exitCode, program.Output);
    }

    private ChildProcess Start(params string[] argv) => ChildProcess.Start(argv[0], argv, _directory.File(Guid.NewGuid().ToString("N")), new Dictionary<string, string>
    {
        ["HOSTCTL_AGGREGATOR"] = aggregator.Url.ToString(),
        ["PATH"] = Folder + ":" + Environment.GetEnvironmentVariable("PATH"),
        ["TERM"] = "xterm",
        ["NO_COLOR"] = "",
    });
}
