using HostAgent.Agent.Linux;
using Microsoft.Win32.SafeHandles;

namespace HostAgent.Agent.Databases;

/// <summary>Reads the URL of a database from where it stands on this host.</summary>
internal static class SecretFile
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>The URL.</summary>
    /// <exception cref="DatabaseException">The file cannot be read or does not hold it.</exception>
    public static string ReadUrl(LinuxRoots roots, DatabaseTarget target)
    {
        string file = target.UrlFile ?? target.EnvFile ?? throw new DatabaseException($"database {target.Name} has neither url_file nor env_file in the agent's settings");
        string text = Read(roots.Tree + file, file);
        return target.UrlFile is not null ? text.Trim()
            : Variable(text, target.Variable) ?? throw new DatabaseException($"{file} does not set {target.Variable}");
    }

    /// <summary>The value of a variable in lines KEY=VALUE, as systemd's EnvironmentFile= and shells read them; the last one wins. Null when it is not set.</summary>
    internal static string? Variable(string text, string name)
    {
        string? value = null;
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            line = line.StartsWith("export ", StringComparison.Ordinal) ? line[7..].TrimStart() : line;
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line[0] is not ('#' or ';') && line[..equals].Trim() == name)
            {
                value = line[(equals + 1)..].Trim();
                value = value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
            }
        }

        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static string Read(string path, string shown)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            byte[] bytes = new byte[MaxBytes];
            return System.Text.Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string advice = e is UnauthorizedAccessException ? ": let the agent's user read it (a group of its own, mode 0640)" : "";
            throw new DatabaseException($"{shown}, which holds the database's URL, cannot be read{advice}", e);
        }
    }
}
