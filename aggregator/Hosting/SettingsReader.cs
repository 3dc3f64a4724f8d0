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
            LogFormat = Setting(option, "--log-format", defaults.LogFormat, Choice<LogFormat>),
            LogLevel = Setting(option, "--log-level", defaults.LogLevel, Choice<LogLevel>),
        };
        RequireLoopback("--http", options.Http, allowRemote);
        RequireLoopback("--grpc", options.Grpc, allowRemote);
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
