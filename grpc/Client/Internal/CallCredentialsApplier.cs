using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Asks call credentials for metadata and adds it to the request.</summary>
internal static class CallCredentialsApplier
{
    /// <exception cref="RpcException">Unavailable or the interceptor's own status: it failed.</exception>
    public static ValueTask ApplyAsync(ClientCall call, HttpRequestMessage request)
    {
        if (call.Channel.CallCredentials is null && call.Options.Credentials is null)
        {
            return default;
        }

        // Over plain text a credential would be readable by everyone on the way: left out unless explicitly allowed.
        return call.Channel.Address.Scheme == "https" || call.Channel.AllowInsecureCredentials ? ApplySlowAsync(call, request) : default;
    }

    private static async ValueTask ApplySlowAsync(ClientCall call, HttpRequestMessage request)
    {
        var interceptors = new Collector();
        call.Channel.CallCredentials?.InternalPopulateConfiguration(interceptors, interceptors);
        call.Options.Credentials?.InternalPopulateConfiguration(interceptors, interceptors);
        string serviceUrl = call.Channel.Address.GetLeftPart(UriPartial.Authority) + "/" + call.Method.ServiceName;
        foreach (AsyncAuthInterceptor interceptor in interceptors.Found)
        {
            var metadata = new Metadata();
            await interceptor(new AuthInterceptorContext(serviceUrl, call.Method.Name, call.Aborted), metadata).ConfigureAwait(false);
            RequestHead.AddMetadata(request, metadata);
        }
    }

    private sealed class Collector : CallCredentialsConfiguratorBase
    {
        public List<AsyncAuthInterceptor> Found { get; } = [];

        public override void SetCompositeCredentials(object state, IReadOnlyList<CallCredentials> credentials)
        {
            foreach (CallCredentials part in credentials)
            {
                part.InternalPopulateConfiguration(this, state);
            }
        }

        public override void SetAsyncAuthInterceptorCredentials(object state, AsyncAuthInterceptor interceptor) => Found.Add(interceptor);
    }
}
