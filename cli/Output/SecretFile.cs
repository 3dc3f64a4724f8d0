namespace HostAgent.Cli.Output;

/// <summary>A new file for a secret.</summary>
internal static class SecretFile
{
    /// <summary>Makes the file, mode 0600. It must not be there yet: a secret that is already in use must not be lost by a slip.</summary>
    /// <exception cref="CliException">It cannot be made.</exception>
    public static FileStream Make(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"--out: {e.Message}");
        }
    }
}
