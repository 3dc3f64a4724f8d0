using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Streaming;

/// <summary>Says what became of the connection, once per change: an aggregator that is away for a night is two lines, not thousands.</summary>
internal sealed partial class ConnectionJournal(Uri aggregator, ILogger log)
{
    private string? _problem;
    private bool _wasConnected;

    /// <summary>Returns whether there was a connection before.</summary>
    public bool Connected()
    {
        LogConnected(log, aggregator);
        _problem = null;
        var again = _wasConnected;
        _wasConnected = true;
        return again;
    }

    public void Lost(string reason) => Tell(reason, isRefusal: false);

    /// <summary>Returns whether the aggregator refused, so that trying again soon cannot help.</summary>
    public bool Failed(Exception error)
    {
        if (error is NotEnrolledException)
        {
            if (_problem != error.Message)
            {
                _problem = error.Message;
                LogNotEnrolled(log, aggregator, error.Message);
            }

            return true;
        }

        if (error is not RpcException rpc)
        {
            Tell(ConnectionProblem.InWords(error), isRefusal: false);
            return false;
        }

        var isRefusal = rpc.StatusCode is StatusCode.InvalidArgument or StatusCode.Unauthenticated or StatusCode.PermissionDenied
            or StatusCode.Unimplemented or StatusCode.FailedPrecondition or StatusCode.ResourceExhausted or StatusCode.AlreadyExists;
        Tell($"{rpc.StatusCode}: {ConnectionProblem.InWords(rpc)}", isRefusal);
        return isRefusal;
    }

    private void Tell(string reason, bool isRefusal)
    {
        if (_problem == reason)
        {
            return;
        }

        _problem = reason;
        if (isRefusal)
        {
            LogRefused(log, aggregator, reason);
        }
        else
        {
            LogAway(log, aggregator, reason);
        }
    }

    [LoggerMessage(31, LogLevel.Information, "Connected to {Aggregator}")]
    private static partial void LogConnected(ILogger log, Uri aggregator);

    [LoggerMessage(32, LogLevel.Warning, "No connection to {Aggregator}: {Reason}. Samples are kept; trying again on its own")]
    private static partial void LogAway(ILogger log, Uri aggregator, string reason);

    [LoggerMessage(34, LogLevel.Error, "This host is not enrolled at {Aggregator}: {Reason}. Samples are kept; trying again rarely")]
    private static partial void LogNotEnrolled(ILogger log, Uri aggregator, string reason);

    [LoggerMessage(33, LogLevel.Error, "{Aggregator} refuses this agent: {Reason}. Somebody has to act: check the versions of agent and aggregator, their clocks and the aggregator's log. Samples are kept; trying again rarely")]
    private static partial void LogRefused(ILogger log, Uri aggregator, string reason);
}
