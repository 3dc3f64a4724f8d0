namespace Grpc.Core;

/// <summary>Adds metadata that authenticates a call, such as a token.</summary>
public abstract class CallCredentials
{
    /// <summary>Several credentials in one, applied in order.</summary>
    public static CallCredentials Compose(params CallCredentials[] credentials) => new CompositeCallCredentials(credentials);

    /// <summary>Credentials from a function that adds metadata.</summary>
    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor) => new InterceptorCallCredentials(interceptor);

    /// <summary>Tells a channel implementation what these credentials are.</summary>
    public abstract void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object state);

    private sealed class CompositeCallCredentials : CallCredentials
    {
        private readonly CallCredentials[] _credentials;

        public CompositeCallCredentials(CallCredentials[] credentials)
        {
            ArgumentNullException.ThrowIfNull(credentials);
            _credentials = credentials.Length >= 2
                ? [.. credentials]
                : throw new ArgumentException("Composing takes at least two credentials.", nameof(credentials));
        }

        public override void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object state)
            => configurator.SetCompositeCredentials(state, _credentials);
    }

    private sealed class InterceptorCallCredentials : CallCredentials
    {
        private readonly AsyncAuthInterceptor _interceptor;

        public InterceptorCallCredentials(AsyncAuthInterceptor interceptor)
        {
            ArgumentNullException.ThrowIfNull(interceptor);
            _interceptor = interceptor;
        }

        public override void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object state)
            => configurator.SetAsyncAuthInterceptorCredentials(state, _interceptor);
    }
}
