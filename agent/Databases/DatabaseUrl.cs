using System.Globalization;
using Npgsql;

namespace HostAgent.Agent.Databases;

/// <summary>URLs of PostgreSQL databases as applications write them: postgres://, postgresql://, and SQLAlchemy's postgresql+asyncpg://.</summary>
internal static class DatabaseUrl
{
    /// <summary>The connection string of a URL.</summary>
    /// <exception cref="DatabaseException">It is none; the message does not repeat it, for it holds a password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string url)
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
        var parsed = new NpgsqlConnectionStringBuilder { Database = slash < 0 ? null : Decode(rest[(slash + 1)..]) };
        SetUser(parsed, user);
        SetHost(parsed, host);
        foreach (string option in options)
        {
            string[] pair = option.Split('=', 2);
            SetOption(parsed, pair[0].ToLowerInvariant(), pair.Length > 1 ? Decode(pair[1]) : "");
        }

        return string.IsNullOrEmpty(parsed.Host) ? throw new DatabaseException("the database's URL names no host") : parsed;
    }

    private static void SetUser(NpgsqlConnectionStringBuilder parsed, string user)
    {
        int colon = user.IndexOf(':', StringComparison.Ordinal);
        if (user.Length > 0)
        {
            parsed.Username = Decode(colon < 0 ? user : user[..colon]);
        }

        if (colon >= 0)
        {
            parsed.Password = Decode(user[(colon + 1)..]);
        }
    }

    private static void SetHost(NpgsqlConnectionStringBuilder parsed, string host)
    {
        if (host.Contains(',', StringComparison.Ordinal))
        {
            throw new DatabaseException("the database's URL names several hosts: a command acts on one");
        }

        int portAt = host.LastIndexOf(':');
        bool hasPort = portAt > host.LastIndexOf(']');
        if (hasPort)
        {
            parsed.Port = int.TryParse(host.AsSpan(portAt + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536
                ? port : throw new DatabaseException("the port in the database's URL is no port");
        }

        parsed.Host = Decode(hasPort ? host[..portAt] : host).Trim('[', ']');
    }

    private static void SetOption(NpgsqlConnectionStringBuilder parsed, string name, string value)
    {
        switch (name)
        {
            case "host":
                parsed.Host = value; // a directory: the socket in it
                break;
            case "port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int port):
                parsed.Port = port;
                break;
            case "user":
                parsed.Username = value;
                break;
            case "password":
                parsed.Password = value;
                break;
            case "sslmode" or "ssl":
                parsed.SslMode = value switch
                {
                    "disable" or "false" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" or "true" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    "verify-full" => SslMode.VerifyFull,
                    _ => throw new DatabaseException("sslmode in the database's URL is none of disable, allow, prefer, require, verify-ca, verify-full"),
                };
                break;
            case "sslrootcert":
                parsed.RootCertificate = value;
                break;
        }
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text);
}
