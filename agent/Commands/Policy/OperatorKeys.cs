using System.Security.Cryptography;
using System.Text;
using HostAgent.Protos.Commands;
using HostAgent.V1;

namespace HostAgent.Agent.Commands.Policy;

/// <summary>The public keys of the operators whose signatures this host accepts: one file NAME.pem each. Read anew for every signature, so that a key that was taken away
/// counts no more.</summary>
internal sealed class OperatorKeys(string directory)
{
    private const int MaxSignatures = 8;

    /// <summary>The different operators who have signed this very order. <paramref name="fault"/> names the first signature that is not good; null: all
    /// are.</summary>
    public IReadOnlyList<string> Verify(CommandOrder order, out string? fault)
    {
        fault = order.Signatures.Count > MaxSignatures ? $"{order.Signatures.Count} signatures, more than {MaxSignatures}" : null;
        var operators = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < order.Signatures.Count && fault is null; i++)
        {
            fault = FaultOf(order.Body, order.Signatures[i]);
            if (!operators.Add(order.Signatures[i].Operator))
            {
                fault ??= $"operator {order.Signatures[i].Operator} has signed twice";
            }
        }

        return fault is null ? [.. operators] : [];
    }

    /// <summary>What is wrong with the key files of a directory, a line each; none when nothing is, or there is no such directory.</summary>
    public static IReadOnlyList<string> Check(string directory) => !Directory.Exists(directory) ? [] :
        [.. Directory.GetFiles(directory, "*.pem").Order(StringComparer.Ordinal).Select(FaultOfKey).OfType<string>()];

    private static string? FaultOfKey(string file)
    {
        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportFromPem(Encoding.UTF8.GetString(TrustedFile.Read(file)));
            return key.KeySize == 256 ? null : $"{file}: the key is not of curve P-256";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return $"{file} holds no public key in PEM form";
        }
    }

    private string? FaultOf(OrderBody body, OrderSignature signature)
    {
        string name = signature.Operator;
        if (name.Length is 0 or > 64 || name[0] == '.' || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            return "a signature's operator has no name that a key file can have";
        }

        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportFromPem(Encoding.UTF8.GetString(TrustedFile.Read(Path.Combine(directory, name + ".pem"))));
            return key.KeySize != 256 ? $"the key of operator {name} is not of curve P-256"
                : OrderSigning.Verify(body, signature, key) ? null : $"the signature of operator {name} is not good for this order";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"this host knows no operator {name} (there is no {Path.Combine(directory, name + ".pem")})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return $"{Path.Combine(directory, name + ".pem")} holds no public key in PEM form";
        }
    }
}
