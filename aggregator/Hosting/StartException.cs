namespace HostAgent.Aggregator.Hosting;

/// <summary>The aggregator cannot start. The message is for the operator: what was being done, what is wrong, what to do.</summary>
internal sealed class StartException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The code the process ends with, one of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>A refused setting, in the one shape all of them have: key, value, what is allowed.</summary>
    public static StartException BadValue(string key, string value, string allowed)
        => new(ExitCodes.Configuration, $"{key}: \"{value}\" is not allowed; {allowed}");
}
