namespace Grpc.Core;

/// <summary>Through it a channel learns what its <see cref="ChannelCredentials"/> are.</summary>
public abstract class ChannelCredentialsConfiguratorBase
{
    /// <summary>Plain text.</summary>
    public abstract void SetInsecureCredentials(object state);

    /// <summary>Credentials composed of channel and call credentials.</summary>
    public abstract void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials);

    /// <summary>TLS.</summary>
    internal abstract void SetSslCredentials(object state);
}
