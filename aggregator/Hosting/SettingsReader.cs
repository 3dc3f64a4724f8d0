using System.Globalization;
using System.Net;
using HostAgent.Aggregator.Logging;

namespace HostAgent.Aggregator.Hosting;

/// <summary>Turns texts from the command line and the environment into <see cref="AggregatorOptions"/>. An option on the command line wins
/// over its environment variable, which wins over the default. A bad value names its key, the value and what is allowed.</summary>
internal sealed class SettingsReader(Func<string, string?> environment)
{
    /// <summary>The variable that stands for an option: <c>--log-format</c> is <c>HOSTAGGREGATOR_LOG_FORMAT</c>.</summary>
    public static string VariableOf(string option) => "HOSTAGGREGATOR_" + option[2..].Replace('-', '_').ToUpperInvariant();

    /// <exception cref="StartException">A value is not allowed; exit code 78.</exception>
    public AggregatorOptions Read(Func<string, string?> option)
    {
        var defaults = new AggregatorOptions { DataDirectory = "" };
        bool allowRemote = Setting(option, "--allow-remote", false, Switch);
        var options = new AggregatorOptions
        {
            DataDirectory = Setting(option, "--data", DefaultDataDirectory(), DirectoryPath),
            Http = Setting(option, "--http", defaults.Http, Address),
            Grpc = Setting(option, "--grpc", defaults.Grpc, Address),
            AllowRemote = allowRemote,
            AnonymousRead = Setting(option, "--anonymous-read", true, AnonymousRead),
            PassphraseFile = Setting(option, "--passphrase-file", null, ExistingFile),
            Names = Setting(option, "--names", [], HostNames),
            CertificateLifetime = Setting(option, "--certificate-lifetime", defaults.CertificateLifetime, CertificateLifetime),
            LogFormat = Setting(option, "--log-format", defaults.LogFormat, Choice<LogFormat>),
            LogLevel = Setting(option, "--log-level", defaults.LogLevel, Choice<LogLevel>),
        };
        RequireLoopback("--http", options.Http, allowRemote);
        if (options.Http.Equals(options.Grpc) && options.Http.Port != 0)
        {
            throw StartException.BadValue("--grpc", options.Grpc.ToString(), "it is the address of --http as well; give each its own port");
        }

        return options;
    }

    /// <summary>/var/lib/hostaggregator for root, the XDG state directory for everybody else.</summary>
    public string DefaultDataDirectory()
    {
        if (environment("STATE_DIRECTORY") is { Length: > 0 } byUnit)
        {
            return byUnit.Split(':')[0]; // systemd made it because the unit says StateDirectory=
        }

        if (Environment.IsPrivilegedProcess)
        {
            return "/var/lib/hostaggregator";
        }

        string state = environment("XDG_STATE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg)
            ? xdg
            : Path.Combine(environment("HOME") is { Length: > 0 } home ? home : "/", ".local", "state");
        return Path.Combine(state, "hostaggregator");
    }

    /// <summary>The directory that a command works on.</summary>
    /// <exception cref="StartException">It is not allowed; exit code 78.</exception>
    public string DataDirectory(Func<string, string?> option) => Setting(option, "--data", DefaultDataDirectory(), DirectoryPath);

    /// <summary>The passphrase of the authority's key, from the file that is named; null: none is.</summary>
    /// <exception cref="StartException">It cannot be read; exit code 78.</exception>
    public string? Passphrase(Func<string, string?> option)
        => Setting(option, "--passphrase-file", null, ExistingFile) is { } file ? PassphraseFile.Read(file) : null;

    private T Setting<T>(Func<string, string?> option, string name, T otherwise, Func<string, string, T> parse)
    {
        if (option(name) is { } given)
        {
            return parse(name, given);
        }

        string variable = VariableOf(name);
        return environment(variable) is { Length: > 0 } value ? parse(variable, value) : otherwise;
    }

    private static string DirectoryPath(string key, string value)
        => value.Length > 0 && !value.Contains('\0') ? Path.GetFullPath(value) : throw StartException.BadValue(key, value, "give a directory");

    private static IPEndPoint Address(string key, string value)
        => ListenAddress.TryParse(value, out IPEndPoint endPoint) ? endPoint : throw StartException.BadValue(key, value, ListenAddress.Allowed);

    private static string ExistingFile(string key, string value)
        => File.Exists(value) ? Path.GetFullPath(value) : throw StartException.BadValue(key, value, "it cannot be read: there is no such file");

    private static IReadOnlyList<string> HostNames(string key, string value)
    {
        string[] names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(names, static name => Uri.CheckHostName(name) == UriHostNameType.Unknown) is { } bad
            ? throw StartException.BadValue(key, bad, "give host names and IP addresses, separated by commas")
            : names;
    }

    private static TimeSpan CertificateLifetime(string key, string value)
    {
        const string allowed = "give a time from 3s to 365d, such as 12h or 7d";
        double unit = value.Length == 0 ? 0 : value[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit == 0 || !double.TryParse(value.AsSpan(0, value.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            || !(count * unit is >= 3 and <= 365 * 86400)) // not a number is neither
        {
            throw StartException.BadValue(key, value, allowed);
        }

        return TimeSpan.FromSeconds(count * unit);
    }

    private static bool Switch(string key, string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => throw StartException.BadValue(key, value, "give true or false"),
    };

    private static bool AnonymousRead(string key, string value) => value.ToLowerInvariant() switch
    {
        "loopback" => true,
        "never" => false,
        _ => throw StartException.BadValue(key, value, "give loopback or never"),
    };

    private static T Choice<T>(string key, string value)
        where T : struct, Enum
        => Enum.TryParse(value, ignoreCase: true, out T choice) && Enum.IsDefined(choice) && !int.TryParse(value, out _)
            ? choice
            : throw StartException.BadValue(key, value, $"give one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");

    private static void RequireLoopback(string key, IPEndPoint endPoint, bool allowRemote)
    {
        if (!allowRemote && !IPAddress.IsLoopback(endPoint.Address))
        {
            throw StartException.BadValue(
                key,
                endPoint.ToString(),
                "other machines could reach it: use a loopback address, or say --allow-remote if that is meant");
        }
    }
}
