namespace Grpc.Core;

/// <summary>A way to reach one server.</summary>
public abstract class ChannelBase
{
    /// <param name="target">What the channel connects to.</param>
    protected ChannelBase(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    /// <summary>What the channel connects to.</summary>
    public string Target { get; }

    /// <summary>Makes an invoker for generated clients.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Ends the channel. No calls may be made after.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <inheritdoc cref="ShutdownAsync"/>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
