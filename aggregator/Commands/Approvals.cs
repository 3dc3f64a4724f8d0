namespace HostAgent.Aggregator.Commands;

/// <summary>Rules about operators' signatures. Whether one is right only the agent judges, with the keys in its own directory: an aggregator that
/// has been taken over could say what it likes.</summary>
internal static class Approvals
{
    /// <summary>Different operators.</summary>
    public static int Count(IEnumerable<SignatureRecord> signatures) => signatures.Select(static s => s.Operator).Distinct(StringComparer.Ordinal).Count();

    /// <exception cref="CommandException">A signature cannot be one.</exception>
    public static void Check(IReadOnlyList<SignatureRecord> signatures)
    {
        if (signatures.Count > 16)
        {
            throw CommandException.Invalid("signatures", "More than 16 signatures.");
        }

        foreach (SignatureRecord signature in signatures)
        {
            if (signature.Operator.Length is 0 or > 64 || signature.Operator.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
            {
                throw CommandException.Invalid("signatures", "An operator's name has 1 to 64 letters, digits, dots, dashes and underscores.");
            }

            if (signature.Signature.Length != 64)
            {
                throw CommandException.Invalid("signatures", $"The signature of {signature.Operator} has {signature.Signature.Length} bytes; one of ECDSA P-256 has 64.");
            }
        }

        if (Count(signatures) != signatures.Count)
        {
            throw CommandException.Invalid("signatures", "An operator has signed twice.");
        }
    }
}
