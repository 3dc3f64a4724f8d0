using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace HostAgent.Aggregator.Logging;

/// <summary>Writes a log entry as one line: for people (time, level, room, message), or for journald (<c>&lt;N&gt;</c>, room, message; it has
/// a clock of its own).</summary>
internal sealed class LineFormatter(TimeProvider time, IOptions<LineFormatterOptions> options) : ConsoleFormatter(FormatterName)
{
    /// <summary>The name it is registered under.</summary>
    public const string FormatterName = "line";

    private readonly LineFormatterOptions _options = options.Value;

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string room = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        if (_options.Journald)
        {
            textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"<{SyslogLevel(logEntry.LogLevel)}>{room}: {OneLine(message)}"));
            textWriter.Write(logEntry.Exception is { } e ? " " + OneLine(e.ToString()) + "\n" : "\n");
            return;
        }

        (string word, string colour) = Word(logEntry.LogLevel);
        string level = _options.Colour && colour.Length > 0 ? $"\e[{colour}m{word}\e[0m" : word;
        textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff}Z {level} {room}: {OneLine(message)}\n"));
        if (logEntry.Exception is not null)
        {
            textWriter.Write(logEntry.Exception + "\n");
        }
    }

    // A message may carry what an agent said: it must not be able to write a line of its own, or move a terminal's cursor.
    private static string OneLine(string text)
        => text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 ? text : string.Concat(text.ReplaceLineEndings(" | ").Select(c => c < ' ' ? '?' : c));

    private static (string Word, string Colour) Word(LogLevel level) => level switch
    {
        LogLevel.Trace => ("trace", "2"),
        LogLevel.Debug => ("debug", "2"),
        LogLevel.Information => ("info ", ""),
        LogLevel.Warning => ("warn ", "33"),
        LogLevel.Error => ("error", "31"),
        _ => ("fatal", "1;31"),
    };

    // sd-daemon(3)
    private static int SyslogLevel(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => 7,
        LogLevel.Information => 6,
        LogLevel.Warning => 4,
        LogLevel.Error => 3,
        _ => 2,
    };
}
