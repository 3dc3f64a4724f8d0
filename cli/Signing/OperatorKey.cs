using System.Security.Cryptography;

namespace HostAgent.Cli.Signing;

/// <summary>An operator's private key: ECDSA P-256, PKCS#8 in PEM, readable by its owner only.</summary>
internal static class OperatorKey
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where the key is kept unless another file is named: $XDG_CONFIG_HOME/hostctl/operator.key.</summary>
    public static string DefaultFile(Func<string, string?> environment)
    {
        string configuration = environment("XDG_CONFIG_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg)
            ? xdg
            : Path.Combine(environment("HOME") is { Length: > 0 } home ? home : "/", ".config");
        return Path.Combine(configuration, "hostctl", "operator.key");
    }

    /// <summary>Makes a key; never overwrites one.</summary>
    /// <exception cref="CliException">There is one already, or the file cannot be written.</exception>
    public static ECDsa Create(string file)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            {
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            }

            using var stream = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            });
            stream.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            stream.Flush(flushToDisk: true);
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new CliException(ExitCodes.Usage, File.Exists(file)
                ? $"{file} exists already; orders signed with it would be worthless without it, so it is not replaced. Name another file with --key FILE."
                : $"cannot write {file}: {e.Message}");
        }
    }

    /// <summary>Reads the key.</summary>
    /// <exception cref="CliException">It is not there, not readable, not a P-256 key, or readable by others.</exception>
    public static ECDsa Load(string file)
    {
        string pem;
        try
        {
            if ((File.GetUnixFileMode(file) & ~OwnerOnly & ~UnixFileMode.UserExecute) != 0)
            {
                throw new CliException(ExitCodes.Usage, $"{file} can be read or written by others: who has it signs in your name. chmod 600 it, or make a new key.");
            }

            pem = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"cannot read the operator's key {file}: {e.Message} Make one with \"hostctl key create\".");
        }

        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 ? key : throw new CryptographicException($"it has {key.KeySize} bits, 256 are needed");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new CliException(ExitCodes.Usage, $"{file} is no private key of ECDSA P-256 in PEM: {e.Message}");
        }
    }

    /// <summary>The operator's name: as given, else the user's.</summary>
    /// <exception cref="CliException">There is none, or it cannot be one.</exception>
    public static string OperatorName(string? given, Func<string, string?> environment)
    {
        string? name = given ?? environment("HOSTCTL_OPERATOR") ?? environment("USER");
        return name is { Length: > 0 and <= 64 } && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            ? name
            : throw new CliException(ExitCodes.Usage, "say who signs with --operator NAME or HOSTCTL_OPERATOR: the name of your key's file in the agents' operators directory, "
                + "1 to 64 letters, digits, dots, dashes and underscores");
    }
}
