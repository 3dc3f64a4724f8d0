using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Compares channel credentials with the address.</summary>
internal static class ChannelSecurity
{
    /// <summary>The call credentials that every call of the channel gets, if any.</summary>
    /// <exception cref="ArgumentException">The scheme is neither http nor https, or the credentials do not fit it.</exception>
    public static CallCredentials? Check(Uri address, GrpcChannelOptions options)
    {
        if (address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"The scheme of a channel's address is http or https, not '{address.Scheme}': {address}", nameof(address));
        }

        if (options.Credentials is null)
        {
            return null;
        }

        var configurator = new Configurator();
        options.Credentials.InternalPopulateConfiguration(configurator, configurator);
        bool https = address.Scheme == "https";
        if (configurator.IsSecure != https)
        {
            throw new ArgumentException(
                $"The channel's credentials {(configurator.IsSecure ? "need https" : "are insecure")}, but its address is {address}.", nameof(options));
        }

        return configurator.CallCredentials;
    }

    private sealed class Configurator : ChannelCredentialsConfiguratorBase
    {
        public bool IsSecure { get; private set; }

        public CallCredentials? CallCredentials { get; private set; }

        public override void SetInsecureCredentials(object state) => IsSecure = false;

        public override void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
        {
            channelCredentials.InternalPopulateConfiguration(this, state);
            CallCredentials = CallCredentials is null ? callCredentials : Core.CallCredentials.Compose(CallCredentials, callCredentials);
        }

        internal override void SetSslCredentials(object state) => IsSecure = true;
    }
}
