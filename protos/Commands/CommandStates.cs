using HostAgent.V1;

namespace HostAgent.Protos.Commands;

/// <summary>The life of a command on one host.</summary>
public static class CommandStates
{
    /// <summary>True for the states that a command ends in, exactly one each.</summary>
    public static bool IsFinal(this CommandState state) => state >= CommandState.Succeeded;

    /// <summary>As people and APIs write it: <c>timed_out</c>, <c>unknown-reconciled</c> ...</summary>
    public static string Word(this CommandState state) => state switch
    {
        CommandState.Pending => "pending",
        CommandState.Delivered => "delivered",
        CommandState.Running => "running",
        CommandState.Succeeded => "succeeded",
        CommandState.Failed => "failed",
        CommandState.TimedOut => "timed_out",
        CommandState.Expired => "expired",
        CommandState.Cancelled => "cancelled",
        CommandState.Rejected => "rejected",
        CommandState.Undeliverable => "undeliverable",
        CommandState.UnknownReconciled => "unknown-reconciled",
        _ => "unspecified",
    };

    /// <summary>The state of a word; <see cref="CommandState.Unspecified"/> when it is none.</summary>
    public static CommandState Parse(string word) => Enum.GetValues<CommandState>().FirstOrDefault(s => s != CommandState.Unspecified && s.Word() == word);
}
