namespace HostAgent.Aggregator.Hosting;

/// <summary>A passphrase in a file of its own, so that it stands in no command line and no environment.</summary>
internal static class PassphraseFile
{
    /// <summary>The file's first line.</summary>
    /// <exception cref="StartException">It cannot be read, or the line is empty.</exception>
    public static string Read(string file)
    {
        try
        {
            string? line = File.ReadLines(file).FirstOrDefault();
            return string.IsNullOrEmpty(line) ? throw StartException.BadValue("--passphrase-file", file, "its first line must be the passphrase, and it is empty") : line;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StartException.BadValue("--passphrase-file", file, $"it cannot be read: {e.Message}");
        }
    }
}
