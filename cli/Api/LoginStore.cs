using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace HostAgent.Cli.Api;

/// <summary>Logins kept in <c>$XDG_CONFIG_HOME/hostctl/logins</c>, one file of mode 0600 per aggregator, so that a token never goes to an aggregator
/// it was not given for.</summary>
internal sealed class LoginStore(Func<string, string?> environment)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where the login of an aggregator is, or would be; null without HOME and XDG_CONFIG_HOME.</summary>
    public string? PathOf(Uri url)
    {
        string? config = environment("XDG_CONFIG_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg
            : environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config")
            : null;
        // The host for people; the hash tells apart what a file name cannot.
        string key = Key(url);
        string host = string.Concat(url.Host.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'));
        return config is null ? null : Path.Combine(config, "hostctl", "logins", $"{host}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..12]}.json");
    }

    /// <summary>The login of an aggregator; null when there is none.</summary>
    /// <exception cref="CliException">The file is there and cannot be read.</exception>
    public SavedLogin? Find(Uri url)
    {
        string? path = PathOf(url);
        if (path is null || !File.Exists(path))
        {
            return null;
        }

        try
        {
            SavedLogin? login = JsonSerializer.Deserialize(File.ReadAllBytes(path), ClientJson.Default.SavedLogin);
            return login is not null && Key(new Uri(login.Aggregator)) == Key(url) ? login : null;
        }
        catch (Exception e) when (e is JsonException or UriFormatException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"the login in {path} cannot be read ({e.Message}); hostctl login makes it anew, hostctl logout removes it");
        }
    }

    /// <summary>Keeps a login.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="CliException">It cannot be written.</exception>
    public string Save(Uri url, SavedLogin login)
    {
        string path = PathOf(url) ?? throw new CliException(ExitCodes.Usage, "there is nowhere to keep a login: neither XDG_CONFIG_HOME nor HOME is set");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
            string beside = path + ".new";
            File.Delete(beside);
            using (var stream = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                JsonSerializer.Serialize(stream, login, ClientJson.Default.SavedLogin);
            }

            File.Move(beside, path, overwrite: true);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"the login cannot be kept in {path}: {e.Message}");
        }
    }

    /// <summary>Forgets the login of an aggregator.</summary>
    /// <returns>False when there was none.</returns>
    public bool Remove(Uri url)
    {
        if (PathOf(url) is not { } path || !File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    // Scheme, host, port and path prefix: what makes it another aggregator.
    private static string Key(Uri url) => url.AbsoluteUri.TrimEnd('/').ToLowerInvariant();
}
