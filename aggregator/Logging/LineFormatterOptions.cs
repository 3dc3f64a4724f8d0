using Microsoft.Extensions.Logging.Console;

namespace HostAgent.Aggregator.Logging;

/// <summary>Settings of <see cref="LineFormatter"/>.</summary>
internal sealed class LineFormatterOptions : ConsoleFormatterOptions
{
    /// <summary>Write for journald instead of for people. Default false.</summary>
    public bool Journald { get; set; }

    /// <summary>Colour the level. Default false.</summary>
    public bool Colour { get; set; }
}
