using System.Globalization;
using HostAgent.Agent.Spool;
using HostAgent.Agent.Streaming;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Configuration;

/// <summary>All settings but those of single samplers and the labels: one entry each, and nothing else to do for a new one.</summary>
internal static class SettingKeys
{
    public static IReadOnlyList<SettingKey> All { get; } =
    [
        new("aggregator", "", "https://HOST[:PORT]", "The aggregator to stream to. Required by `run`.",
            (options, text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Host.Length > 0
                ? options with { Stream = options.Stream with { Aggregator = uri } } : null),
        new("ca", "", "the path of a file", "PEM file of the authority that the aggregator's certificate must come from. Left out: those learned at enrolment.",
            (options, text) => text.Length > 0 ? options with { Stream = options.Stream with { CaFile = Path.GetFullPath(text) } } : null),
        new("token_file", "", "the path of a file", "Enrolment token, needed until this host has a certificate. Left out: `hostagent enrol` was run before.",
            (options, text) => text.Length > 0 ? options with { Enrolment = options.Enrolment with { TokenFile = Path.GetFullPath(text) } } : null),
        new("state", "", "the path of a directory",
            "Identity and spool. Left out: /var/lib/hostagent for root, otherwise $XDG_STATE_HOME/hostagent.",
            (options, text) => text.Length > 0 ? options with { StateDirectory = Path.GetFullPath(text) } : null),
        new("name", "", "1 to 253 characters", "Name of this host for people. Left out: what the system calls itself.",
            (options, text) => text.Length is > 0 and <= 253 && !text.Any(char.IsControl) ? options with { HostName = text } : null),
        new("log_level", "information", "one of trace, debug, information, warning, error, critical", "Least severe messages that are logged.",
            (options, text) => Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && level < LogLevel.None && !char.IsAsciiDigit(text[0])
                ? options with { LogLevel = level } : null),
        Duration("interval", "1s", "100ms", "1h", "Time between two samples of the cheap samplers, aligned to the wall clock.",
            (options, value) => options with { Sampling = options.Sampling with { Interval = value } }),

        Size("spool.max_memory_bytes", "4MiB", "64KiB", "1GiB", "Unacknowledged samples in memory at most.", (spool, value) => spool with { MaxMemoryBytes = value }),
        Size("spool.max_disk_bytes", "256MiB", "128KiB", "1TiB", "On disk at most; above it the oldest are dropped and reported as lost. 0: nothing is written.",
            (spool, value) => spool with { MaxDiskBytes = value }, zeroAllowed: true),
        Size("spool.max_segment_bytes", "1MiB", "64KiB", "64MiB", "A segment file is closed at this size; it is dropped or quarantined in one piece.",
            (spool, value) => spool with { MaxSegmentBytes = value }),
        Spool("spool.spill_after", "5s", "100ms", "1h", "How long samples wait for their acknowledgement before they go to disk.",
            (spool, value) => spool with { SpillAfter = value }),
        Spool("spool.sync_interval", "5s", "0", "1h", "Longest time without fsync while writing; what a power cut can take.",
            (spool, value) => spool with { SyncInterval = value }),
        new("spool.max_damaged_segments", "4", "a whole number from 0 to 1000", "Damaged files kept for inspection.",
            (options, text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= 1000
                ? options with { Spool = options.Spool with { MaxDamagedSegments = value } } : null),

        Stream("stream.max_ack_delay", "2s", "0", "1m", "How long the aggregator may hold an acknowledgement back to save wake-ups.",
            (stream, value) => stream with { MaxAckDelay = value }),
        Stream("stream.ack_timeout", "20s", "5s", "10m", "An aggregator silent for this long is taken for dead.", (stream, value) => stream with { AckTimeout = value }),
        Stream("stream.connect_timeout", "10s", "1s", "2m", "Patience with a connection attempt.", (stream, value) => stream with { ConnectTimeout = value }),
        Stream("stream.min_reconnect_delay", "1s", "100ms", "1m", "Bound of the first random pause before connecting again; it doubles.",
            (stream, value) => stream with { MinReconnectDelay = value }),
        Stream("stream.max_reconnect_delay", "60s", "1s", "1h", "Bound of every pause.", (stream, value) => stream with { MaxReconnectDelay = value }),
        Stream("stream.full_interval", "5m", "10s", "1d", "Every value is sent anew at least this often.", (stream, value) => stream with { FullInterval = value }),
        new("stream.backfill_bytes_per_second", "2MiB", "a size from 16KiB to 1GiB", "What catching up may send per second.",
            (options, text) => SettingText.Size(text) is { } value and >= 16 << 10 and <= 1 << 30
                ? options with { Stream = options.Stream with { BackfillBytesPerSecond = value } } : null),

        new("commands.policy", "/etc/hostagent/commands.yaml", "the path of a file",
            "What may be done to this host; see deploy/commands.yaml. Without that file: nothing.",
            (options, text) => text.Length > 0 ? options with { Commands = options.Commands with { PolicyFile = Path.GetFullPath(text) } } : null),
        new("commands.operators", "/etc/hostagent/operators.d", "the path of a directory", "Public keys of the operators whose signatures count, NAME.pem each.",
            (options, text) => text.Length > 0 ? options with { Commands = options.Commands with { OperatorsDirectory = Path.GetFullPath(text) } } : null),
        new("commands.max_concurrent", "4", "a whole number from 1 to 64", "Commands that change something at once, at most.",
            (options, text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 64
                ? options with { Commands = options.Commands with { MaxConcurrent = value } } : null),
        Duration("commands.clock_skew", "30s", "0", "5m", "How far the clocks of this host and of those who order may be apart.",
            (options, value) => options with { Commands = options.Commands with { ClockSkew = value } }),
        new("commands.max_journal_commands", "4096", "a whole number from 16 to 65536", "Commands that the journal holds at most; more are rejected.",
            (options, text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 16 and <= 65536
                ? options with { Commands = options.Commands with { MaxJournalCommands = value } } : null),
        new("commands.max_journal_bytes", "8MiB", "a size from 256KiB to 256MiB", "Size of the journal at most; more is rejected.",
            (options, text) => SettingText.Size(text) is { } value and >= 256 << 10 and <= 256 << 20
                ? options with { Commands = options.Commands with { MaxJournalBytes = value } } : null),
    ];

    private static SettingKey Duration(
        string name, string standard, string min, string max, string help, Func<AgentOptions, TimeSpan, AgentOptions> apply) =>
        new(name, standard, $"a duration from {min} to {max}, such as 500ms, 5s, 2m", help, (options, text) =>
            SettingText.Duration(text) is { } value && value >= SettingText.Duration(min) && value <= SettingText.Duration(max)
                ? apply(options, value) : null);

    private static SettingKey Spool(string name, string standard, string min, string max, string help, Func<SpoolOptions, TimeSpan, SpoolOptions> apply) =>
        Duration(name, standard, min, max, help, (options, value) => options with { Spool = apply(options.Spool, value) });

    private static SettingKey Stream(
        string name, string standard, string min, string max, string help, Func<StreamingOptions, TimeSpan, StreamingOptions> apply) =>
        Duration(name, standard, min, max, help, (options, value) => options with { Stream = apply(options.Stream, value) });

    private static SettingKey Size(
        string name, string standard, string min, string max, string help, Func<SpoolOptions, long, SpoolOptions> apply, bool zeroAllowed = false) =>
        new(name, standard, $"{(zeroAllowed ? "0 or " : "")}a size from {min} to {max}, such as 512KiB, 4MiB", help, (options, text) =>
            SettingText.Size(text) is { } value && ((value >= SettingText.Size(min) && value <= SettingText.Size(max)) || (zeroAllowed && value == 0))
                ? options with { Spool = apply(options.Spool, value) } : null);
}
