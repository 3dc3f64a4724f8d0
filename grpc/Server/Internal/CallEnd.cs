using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>From the way a method returned to the status its client gets.</summary>
internal static partial class CallEnd
{
    /// <summary>Writes the one response of a call, unless the call ends with another status than OK or has been ended already.</summary>
    /// <exception cref="RpcException">Cancelled: the method returned null.</exception>
    public static void WriteResponse<TResponse>(HttpServerCallContext context, ResponseStreamWriter<TResponse> responses, TResponse? response)
        where TResponse : class
    {
        if (context.Status.StatusCode != StatusCode.OK || context.Lifetime.Cause is not null)
        {
            return;
        }

        responses.WriteLast(response ?? throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method.")));
    }

    /// <summary>The method returned.</summary>
    /// <exception cref="RpcException">Internal: its trailers cannot be sent.</exception>
    public static void Success(HttpServerCallContext context)
    {
        MetadataWire.Check(context.Trailers);
        if (context.Lifetime.TryEnd())
        {
            HttpReplies.End(context.Http.Response, context.BodyBegun, context.Status, context.Trailers);
        }
    }

    /// <summary>The method threw.</summary>
    public static void Failure(HttpServerCallContext context, Exception e)
    {
        bool gone = context.Http.RequestAborted.IsCancellationRequested || e is ConnectionResetException;
        Status status = context.Lifetime.Cause is { } cause && e is not RpcException ? cause : StatusOf(context, e, gone);
        if (gone)
        {
            LogClientGone(context.Settings.Logger, context.Method);
            return;
        }

        if (e is RpcException)
        {
            LogStatus(context.Settings.Logger, context.Method, status.StatusCode, status.Detail);
        }
        else if (context.Lifetime.Cause is null)
        {
            LogFailure(context.Settings.Logger, context.Method, e);
        }

        if (context.Lifetime.TryEnd())
        {
            Metadata trailers = e is RpcException { Trailers.Count: > 0 } rpc ? Merge(context.Trailers, rpc.Trailers) : context.Trailers;
            HttpReplies.End(context.Http.Response, context.BodyBegun, status, Sendable(trailers));
        }
    }

    /// <summary>Trailers of a failed call are worth less than its status: those that cannot be sent are left out.</summary>
    private static Metadata Sendable(Metadata trailers)
    {
        try
        {
            MetadataWire.Check(trailers);
            return trailers;
        }
        catch (RpcException)
        {
            return Metadata.Empty;
        }
    }

    private static Status StatusOf(HttpServerCallContext context, Exception e, bool gone) => e switch
    {
        RpcException rpc => rpc.Status,
        OperationCanceledException when gone => Status.DefaultCancelled,
        _ => new Status(
            StatusCode.Unknown,
            context.Settings.DetailedErrors ? $"Exception was thrown by handler. {e.GetType().Name}: {e.Message}" : "Exception was thrown by handler."),
    };

    private static Metadata Merge(Metadata first, Metadata second)
    {
        var merged = new Metadata();
        foreach (Metadata.Entry entry in first.Concat(second))
        {
            merged.Add(entry);
        }

        return merged;
    }

    [LoggerMessage(1, LogLevel.Debug, "Call of {Method} ended: the client cancelled it or is gone.")]
    private static partial void LogClientGone(ILogger logger, string method);

    [LoggerMessage(2, LogLevel.Debug, "Call of {Method} ended with {StatusCode}: {Detail}")]
    private static partial void LogStatus(ILogger logger, string method, StatusCode statusCode, string detail);

    [LoggerMessage(3, LogLevel.Error, "The service failed in {Method}; the client gets Unknown.")]
    private static partial void LogFailure(ILogger logger, string method, Exception exception);
}
