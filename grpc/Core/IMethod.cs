namespace Grpc.Core;

/// <summary>A method without its message types.</summary>
public interface IMethod
{
    /// <summary>Which sides stream.</summary>
    public MethodType Type { get; }

    /// <summary>Full service name, package included.</summary>
    public string ServiceName { get; }

    /// <summary>Method name without the service.</summary>
    public string Name { get; }

    /// <summary><c>/service/method</c>, the HTTP/2 path.</summary>
    public string FullName { get; }
}
