using HostAgent.Cli.Api;

namespace HostAgent.Cli.Commands;

/// <summary>Names of hosts for the shell's completion: asked of the aggregator, within two seconds, or none.</summary>
internal static class HostNames
{
    /// <summary>The names, in order.</summary>
    public static IEnumerable<string> Complete(ConnectionOptions connection)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            using AggregatorClient client = connection.DefaultClient();
            return [.. client.GetAsync("v1/hosts", ClientJson.Default.HostList, patience.Token).GetAwaiter().GetResult().Hosts.Select(host => host.Name).Distinct()];
        }
        catch (Exception e) when (e is CliException or OperationCanceledException)
        {
            return [];
        }
    }
}
