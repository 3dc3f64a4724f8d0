using Microsoft.Extensions.Logging.Console;

namespace HostAgent.Aggregator.Logging;

/// <summary>Decides where log lines go (standard error) and what they look like.</summary>
internal static class LoggingSetup
{
    /// <summary>Adds the provider. ASP.NET Core speaks only when something is wrong, unless <paramref name="level"/> is Debug or Trace.</summary>
    public static void AddHostAggregatorLogging(this ILoggingBuilder logging, LogFormat format, LogLevel level, Func<string, string?> environment)
    {
        logging.SetMinimumLevel(level);
        if (level >= LogLevel.Information)
        {
            LogLevel AtLeast(LogLevel other) => level > other ? level : other;
            logging.AddFilter("Microsoft", AtLeast(LogLevel.Warning));
            logging.AddFilter("Microsoft.Extensions.Hosting", AtLeast(LogLevel.Critical)); // a failed start is told in the operator's words
            logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // whoever is ill says so once, not at every check
            logging.AddFilter("Microsoft.AspNetCore.Diagnostics", LogLevel.None); // ApiExceptionHandler tells these
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
            return;
        }

        bool terminal = !Console.IsErrorRedirected;
        bool journal = !terminal && environment("JOURNAL_STREAM") is { Length: > 0 }; // systemd.exec(5)
        logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        logging.AddConsoleFormatter<LineFormatter, LineFormatterOptions>(line =>
        {
            line.Journald = format == LogFormat.Journald || (format == LogFormat.Auto && journal);
            line.Colour = terminal && environment("NO_COLOR") is not { Length: > 0 };
        });
    }
}
