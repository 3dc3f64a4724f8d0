namespace HostAgent.Protos.Enrolment;

/// <summary>The form of a host's identity.</summary>
public static class HostIdText
{
    /// <summary>32 lower-case hex digits.</summary>
    public static bool IsValid(string text) => text is { Length: 32 } && text.All(char.IsAsciiHexDigitLower);
}
