using HostAgent.Agent.Tests.Configuration;
using HostAgent.Protos.Commands;
using HostAgent.TestSupport;
using HostAgent.V1;

namespace HostAgent.Agent.Tests.Commands;

public sealed class CatalogTests
{
    private const string Begin = "<!-- generated from the handlers: UPDATE_GOLDEN=1 and this test write it -->\n";
    private const string End = "<!-- end -->\n";

    [Fact]
    public void No_kind_appears_changes_its_power_or_loses_a_signature_unseen() => GoldenFile.Check("commands.txt", CommandDocument.List());

    [Fact]
    public void The_document_of_the_commands_is_what_the_handlers_say()
    {
        string path = Path.Combine(RepositoryRoot.Path, "docs/commands.md");
        string text = File.ReadAllText(path);
        int from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int to = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from >= Begin.Length && to >= from, "docs/commands.md has lost its marks");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text[..from] + CommandDocument.Markdown() + text[to..]);
            return;
        }

        Assert.Equal(CommandDocument.Markdown(), text[from..to]);
    }

    [Fact]
    public void Every_definition_is_sound()
    {
        Assert.NotEmpty(CommandDocument.Kinds);
        Assert.All(CommandDocument.Kinds, static kind =>
        {
            Assert.Matches("^[a-z]+([.-][a-z]+)*$", kind.Kind);
            Assert.EndsWith(".", kind.Help, StringComparison.Ordinal);
            Assert.InRange(kind.DefaultTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromHours(4));
            Assert.Equal(kind.Args.Count, kind.Args.Select(static arg => arg.Name).Distinct().Count());
            Assert.All(kind.Args, static arg => Assert.EndsWith(".", arg.Help, StringComparison.Ordinal));
            // A default must itself be allowed.
            Assert.Null(ArgCheck.Check(
                [.. kind.Args.Where(static arg => !arg.Required)],
                kind.Args.Where(static arg => !arg.Required && arg.DefaultValue.Length > 0).Select(static arg => new Arg { Name = arg.Name, Value = arg.DefaultValue }),
                out _));
            Assert.NotNull(kind.Create(HandlerRun.Setup()));
        });
    }
}
