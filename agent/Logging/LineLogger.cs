using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Logging;

/// <summary>One line per message, by one write(2), so that lines of several threads do not mix.</summary>
internal sealed class LineLogger(Stream output, LineFormat format, LogLevel level, TimeProvider time) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= level && logLevel < LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var message = formatter(state, exception);
        var line = exception is null ? message : $"{message}: {exception}";
        try
        {
            output.Write(Encoding.UTF8.GetBytes(Prefix(logLevel) + line.ReplaceLineEndings(format == LineFormat.Terminal ? "\n  " : " | ") + "\n"));
        }
        catch (IOException)
        {
            // Nobody reads standard error any more: not a reason to stop sampling.
        }
    }

    private string Prefix(LogLevel logLevel) => format switch
    {
        LineFormat.Journal => $"<{Priority(logLevel)}>",
        LineFormat.Terminal => time.GetLocalNow().ToString("HH:mm:ss ", CultureInfo.InvariantCulture) + Word(logLevel),
        _ => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ ", CultureInfo.InvariantCulture) + Word(logLevel),
    };

    private static int Priority(LogLevel logLevel) => logLevel switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    private static string Word(LogLevel logLevel) => logLevel switch
    {
        LogLevel.Critical => "CRITICAL ",
        LogLevel.Error => "ERROR ",
        LogLevel.Warning => "warning ",
        LogLevel.Information => "",
        _ => "debug ",
    };
}
