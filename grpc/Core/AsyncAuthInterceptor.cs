namespace Grpc.Core;

/// <summary>Adds metadata that authenticates the call described by <paramref name="context"/>.</summary>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);
