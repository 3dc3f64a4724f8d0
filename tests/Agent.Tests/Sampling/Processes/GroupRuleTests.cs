using System.Text;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Sampling.Processes;

namespace HostAgent.Agent.Tests.Sampling.Processes;

public sealed class GroupRuleTests
{
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "abcd", false)]
    [InlineData("a*c", "abbbc", true)]
    [InlineData("a*c", "abbbd", false)]
    [InlineData("*mcp*server*", "npx mcp-fs-server --root", true)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void A_star_stands_for_any_run(string pattern, string text, bool matches) =>
        Assert.Equal(matches, new BytePattern(pattern).Match(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("unit=nginx", "/system.slice/nginx.service", true)]
    [InlineData("unit=nginx.service", "/system.slice/nginx.service/worker", true)]
    [InlineData("unit=nginx.service", "/system.slice/nginx2.service", false)]
    [InlineData("unit=postgresql@*", "/system.slice/system-postgresql.slice/postgresql@15-main.service", true)]
    [InlineData("cgroup=/machine.slice", "/machine.slice/a.scope", true)]
    [InlineData("cgroup=/machine.slice", "/machine.slices/a.scope", false)]
    [InlineData("cgroup=/kubepods/*/x", "/kubepods/burstable/x/y", true)]
    public void A_control_group_and_all_below_it_belong(string rule, string path, bool matches) =>
        Assert.Equal(matches, GroupRule.Parse(rule)!.MatchCgroup(Encoding.UTF8.GetBytes(path)));

    [Theory]
    [InlineData("name=postgres", "postgres", true)]
    [InlineData("name=postgres", "postgresql", false)]
    [InlineData("name=mcp-server-filesystem", "mcp-server-file", true)]
    [InlineData("name=mcp-server-filesystem", "mcp-server-fil", false)]
    public void A_name_is_compared_as_far_as_the_kernel_keeps_it(string rule, string name, bool matches) =>
        Assert.Equal(matches, GroupRule.Parse(rule)!.MatchName(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("")]
    [InlineData("postgres")]
    [InlineData("name=")]
    [InlineData("pidfile=relative.pid")]
    [InlineData("user=root")]
    public void What_is_no_rule_is_refused(string text) => Assert.Equal(GroupRule.Form, GroupRule.Check(text));

    [Fact]
    public void Groups_stand_in_the_settings_file_by_name()
    {
        const string file = """
            samplers:
              processes:
                top: 3
                groups:
                  postgres: name=postgres
                  nginx.service: unit=nginx.service
            """;
        AgentOptions options = Build(file);
        Assert.Equal("name=postgres", options.Sampling.Samplers["processes"].Values["groups.postgres"]);
        Assert.Equal("unit=nginx.service", options.Sampling.Samplers["processes"].Values["groups.nginx.service"]);
    }

    [Theory]
    [InlineData("samplers:\n  processes:\n    groups:\n      a: b", "samplers.processes.groups.a: \"b\" is not allowed; it must be one of name=NAME")]
    [InlineData("samplers:\n  processes:\n    groups: name=a", "it must be lines of \"NAME: text\"")]
    [InlineData("samplers:\n  processes:\n    group:\n      a: name=b", "is not allowed")]
    [InlineData("samplers:\n  processes:\n    top:\n      a: 3", "is not allowed")]
    public void A_bad_group_is_named(string file, string message)
    {
        var error = Assert.Throws<ConfigurationException>(() => Build(file));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static AgentOptions Build(string file)
    {
        var builder = new OptionsBuilder();
        builder.Add(SettingsFile.Parse(new StringReader(file), "f"));
        return builder.Build();
    }
}
