using System.Globalization;

namespace HostAgent.Agent.Databases;

/// <summary>URLs of PostgreSQL databases as applications write them: postgres://, postgresql://, and SQLAlchemy's postgresql+asyncpg://.</summary>
internal static class DatabaseUrl
{
    /// <summary>The connection string of a URL.</summary>
    /// <exception cref="DatabaseException">It is none; the message does not repeat it, for it holds a password.</exception>
    public static ConnectionOptions Parse(string url)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || url[..scheme].Split('+')[0].ToLowerInvariant() is not ("postgres" or "postgresql"))
        {
            throw new DatabaseException("the database's URL does not begin with postgresql://");
        }

        string rest = url[(scheme + 3)..];
        int query = rest.IndexOf('?', StringComparison.Ordinal);
        string[] options = query < 0 ? [] : rest[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries);
        rest = query < 0 ? rest : rest[..query];

        // A password may hold anything, and people forget to encode it: the last @ ends it.
        int at = rest.LastIndexOf('@');
        string user = at < 0 ? "" : rest[..at];
        rest = rest[(at + 1)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? rest : rest[..slash];
        var parsed = new ConnectionOptions { Database = slash < 0 || slash == rest.Length - 1 ? null : Decode(rest[(slash + 1)..]) };
        parsed = WithHost(WithUser(parsed, user), host);
        foreach (string option in options)
        {
            string[] pair = option.Split('=', 2);
            parsed = WithOption(parsed, pair[0].ToLowerInvariant(), pair.Length > 1 ? Decode(pair[1]) : "");
        }

        return parsed.Host.Length == 0 ? throw new DatabaseException("the database's URL names no host")
            : parsed.User.Length == 0 ? throw new DatabaseException("the database's URL names no user") : parsed;
    }

    private static ConnectionOptions WithUser(ConnectionOptions options, string user)
    {
        int colon = user.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? options with { User = Decode(user) } : options with { User = Decode(user[..colon]), Password = Decode(user[(colon + 1)..]) };
    }

    private static ConnectionOptions WithHost(ConnectionOptions options, string host)
    {
        if (host.Contains(',', StringComparison.Ordinal))
        {
            throw new DatabaseException("the database's URL names several hosts: a command acts on one");
        }

        int portAt = host.LastIndexOf(':');
        bool hasPort = portAt > host.LastIndexOf(']');
        return options with { Host = Decode(hasPort ? host[..portAt] : host).Trim('[', ']'), Port = hasPort ? Port(host[(portAt + 1)..]) : options.Port };
    }

    private static ConnectionOptions WithOption(ConnectionOptions options, string name, string value) => name switch
    {
        "host" => options with { Host = value },
        "port" => options with { Port = Port(value) },
        "user" => options with { User = value },
        "password" => options with { Password = value },
        "sslmode" or "ssl" => options with
        {
            SslMode = value switch
            {
                "disable" or "allow" or "prefer" or "require" or "verify-ca" or "verify-full" => value,
                "true" => "require",
                "false" => "disable",
                _ => throw new DatabaseException("sslmode in the database's URL is none of disable, allow, prefer, require, verify-ca, verify-full"),
            },
        },
        "sslrootcert" => options with { RootCertificate = value },
        _ => options,
    };

    private static int Port(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536
            ? port : throw new DatabaseException("the port in the database's URL is no port");

    private static string Decode(string text) => Uri.UnescapeDataString(text);
}
