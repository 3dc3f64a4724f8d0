namespace HostAgent.EndToEnd.Tests.Chains;

/// <summary>A test that runs real programs. They end after the test's verdict is known, so that the logs of a failed one are kept.</summary>
public abstract class ChainTest : IAsyncDisposable
{
    private readonly List<Chain> _chains = [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Chain chain in _chains)
        {
            await chain.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A directory for programs; nothing is started.</summary>
    private protected Chain NewChain()
    {
        var chain = new Chain();
        _chains.Add(chain);
        return chain;
    }

    /// <summary>Starts an aggregator and waits until it listens.</summary>
    private protected async Task<Chain> StartChainAsync()
    {
        Chain chain = NewChain();
        await chain.StartAggregatorAsync();
        return chain;
    }
}
