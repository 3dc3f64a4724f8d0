using System.Net;
using HostAgent.EndToEnd.Tests.Chains;
using HostAgent.TestSupport.Processes;

namespace HostAgent.EndToEnd.Tests;

/// <summary>Operators with the real programs: who may do what, what stands in the audit, and a forger at the database.</summary>
public sealed class OperatorTests : ChainTest
{
    [Fact]
    public async Task One_flag_makes_the_local_admin_who_hands_out_and_takes_back_a_token()
    {
        Chain chain = await StartChainAsync();
        (int code, string output) = await AdminAsync(chain, "token", "create", "--owner", "ann", "--role", "operator", "--out", chain.File("ann.token"));
        Assert.True(code == 0, output);
        string token = (await File.ReadAllTextAsync(chain.File("ann.token"))).Trim();

        (code, output) = await chain.CtlAsync("whoami", "--token-file", chain.File("ann.token"));
        Assert.True(code == 0 && output.StartsWith("ann (operator", StringComparison.Ordinal), output);
        (code, output) = await chain.CtlAsync("token", "list", "--token-file", chain.File("ann.token"));
        Assert.True(code == 77 && output.Contains("needs the role admin", StringComparison.Ordinal), output);

        (code, output) = await AdminAsync(chain, "token", "revoke", token.Split('_')[1]);
        Assert.True(code == 0, output);
        (code, output) = await chain.CtlAsync("whoami", "--token-file", chain.File("ann.token"));
        Assert.True(code == 77, output);

        // Without any token: reading only, and nothing is left of the secret but its hash.
        Assert.Equal(HttpStatusCode.OK, (await chain.Api.TryGetAsync("/v1/hosts")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await chain.Api.TryGetAsync("/v1/audit")).Status);
        Assert.DoesNotContain(token.Split('_', 3)[2], await EverythingAsync(chain));
    }

    [Fact]
    public async Task Tokens_and_audit_survive_a_kill_and_a_forger_is_found()
    {
        Chain chain = await StartChainAsync();
        await AdminAsync(chain, "token", "create", "--owner", "bea", "--role", "viewer", "--out", chain.File("bea.token"));
        (_, string anchor) = await AdminAsync(chain, "audit", "anchor");
        chain.Aggregator.Send(UnixSignal.Kill);
        await chain.Aggregator.WaitAsync(TimeSpan.FromSeconds(30));
        await chain.StartAggregatorAsync();
        (int code, string output) = await chain.CtlAsync("whoami", "--token-file", chain.File("bea.token"));
        Assert.True(code == 0, output);
        (code, output) = await AdminAsync(chain, "audit", "verify", "--anchor", anchor.Trim());
        Assert.True(code == 0 && output.Contains("nothing was changed", StringComparison.Ordinal), output);

        chain.Aggregator.Send(UnixSignal.Terminate);
        await chain.Aggregator.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, (await OfflineAsync(chain)).ExitCode);
        (code, output) = await chain.RunToEndAsync("/usr/bin/python3", "-c", Forger, Path.Combine(chain.DataDirectory, "control.sqlite"));
        Assert.True(code == 0, output);
        (code, output) = await OfflineAsync(chain);
        Assert.True(code == 2 && output.Contains("its end was cut off", StringComparison.Ordinal), output);

        await chain.StartAggregatorAsync(); // an emergency does not wait; but it is said, and stays said
        (code, output) = await chain.CtlAsync("health");
        Assert.True(code == 1 && output.Contains("the audit did not agree with its head", StringComparison.Ordinal), output);
        (code, output) = await AdminAsync(chain, "audit", "verify", "--anchor", anchor.Trim());
        Assert.True(code == 2, output);
    }

    // Takes the last record away and makes the head in the store fit.
    private const string Forger = """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1])
        keys = [row[0] for row in db.execute("SELECT key FROM document WHERE collection='audit' ORDER BY key")]
        body = db.execute("SELECT body FROM document WHERE collection='audit' AND key=?", (keys[-2],)).fetchone()[0]
        db.execute("DELETE FROM document WHERE collection='audit' AND key=?", (keys[-1],))
        db.execute("UPDATE document SET body=? WHERE collection='audit-head'", (f"{int(keys[-2])}:{body[-32:].hex()}".encode(),))
        db.commit()
        """;

    private static Task<(int ExitCode, string Output)> AdminAsync(Chain chain, params string[] arguments)
        => chain.RunToEndAsync([Programs.Ctl, "--endpoints", Path.Combine(chain.DataDirectory, "endpoints.json"), .. arguments]);

    private static Task<(int ExitCode, string Output)> OfflineAsync(Chain chain)
        => chain.RunToEndAsync(Programs.Aggregator, "audit", "verify", "--data", chain.DataDirectory);

    private static async Task<string> EverythingAsync(Chain chain)
    {
        var all = new System.Text.StringBuilder(chain.Aggregator.Output);
        foreach (string file in Directory.GetFiles(chain.DataDirectory).Where(file => !file.EndsWith("lock", StringComparison.Ordinal)))
        {
            all.Append(System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        }

        return all.ToString();
    }
}
