namespace Grpc.Core.Interceptors;

/// <summary>A call on its way through interceptors.</summary>
public struct ClientInterceptorContext<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    /// <param name="method">The method called.</param>
    /// <param name="host">Authority to name; null names the channel's.</param>
    /// <param name="options">Options of the call.</param>
    public ClientInterceptorContext(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        Method = method;
        Host = host;
        Options = options;
    }

    /// <summary>The method called.</summary>
    public Method<TRequest, TResponse> Method { get; }

    /// <summary>Authority to name; null names the channel's.</summary>
    public string? Host { get; }

    /// <summary>Options of the call.</summary>
    public CallOptions Options { get; }
}
