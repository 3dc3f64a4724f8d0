using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HostAgent.Agent.Databases;

/// <summary>SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding: neither side learns the password, and the server proves that it knows it too.</summary>
internal sealed class ScramLogin(string password, string nonce)
{
    // What a server may ask at most: PostgreSQL's default is 4096, and a hostile one must not keep this processor busy.
    private const int MaxIterations = 1_000_000;

    private readonly string _first = "n=,r=" + nonce;
    private byte[] _serverSignature = [];

    /// <summary>The client's first message.</summary>
    public string First => "n,," + _first;

    /// <summary>The answer to the server's first message.</summary>
    /// <exception cref="DatabaseException">It is none.</exception>
    public string Final(string serverFirst)
    {
        Dictionary<char, string> fields = Fields(serverFirst);
        byte[] salt;
        try
        {
            salt = Convert.FromBase64String(fields.GetValueOrDefault('s') ?? "");
        }
        catch (FormatException e)
        {
            throw new DatabaseException("the server's SCRAM salt is no base64", e);
        }

        string both = fields.GetValueOrDefault('r') ?? "";
        if (!both.StartsWith(nonce, StringComparison.Ordinal) || both.Length == nonce.Length || salt.Length == 0
            || !int.TryParse(fields.GetValueOrDefault('i'), NumberStyles.None, CultureInfo.InvariantCulture, out int iterations) || iterations is < 1 or > MaxIterations)
        {
            throw new DatabaseException("the server's SCRAM message is none");
        }

        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, 32);
        byte[] clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        string withoutProof = $"c=biws,r={both}";
        byte[] message = Encoding.UTF8.GetBytes($"{_first},{serverFirst},{withoutProof}");
        byte[] signature = HMACSHA256.HashData(SHA256.HashData(clientKey), message);
        for (int i = 0; i < clientKey.Length; i++)
        {
            clientKey[i] ^= signature[i];
        }

        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message);
        return $"{withoutProof},p={Convert.ToBase64String(clientKey)}";
    }

    /// <summary>True when the server's last message proves that it knows the password.</summary>
    public bool IsServerGenuine(string serverFinal)
        => CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Fields(serverFinal).GetValueOrDefault('v') ?? ""), Encoding.ASCII.GetBytes(Convert.ToBase64String(_serverSignature)));

    private static Dictionary<char, string> Fields(string message)
    {
        var fields = new Dictionary<char, string>();
        foreach (string part in message.Split(','))
        {
            if (part.Length > 1 && part[1] == '=')
            {
                fields.TryAdd(part[0], part[2..]);
            }
        }

        return fields;
    }
}
