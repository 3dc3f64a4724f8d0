using System.Text.RegularExpressions;

namespace HostAgent.Agent.Commands;

/// <summary>Takes secrets out of text that leaves the host: command lines, environments, log lines.</summary>
/// <remarks>By form, so it errs on the side of taking out: what follows a name like password, token, secret or key; passwords in URLs; bearer and
/// basic credentials; private keys; tokens of well-known shapes.</remarks>
internal static partial class Redaction
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mark = "[redacted]";

    /// <summary>The text without what looks like a secret.</summary>
    public static string Clean(string text)
    {
        text = PrivateKeys().Replace(text, Mark);
        text = UrlPasswords().Replace(text, "$1" + Mark + "@");
        text = Credentials().Replace(text, "$1" + Mark);
        text = NamedSecrets().Replace(text, "$1" + Mark);
        return KnownTokens().Replace(text, Mark);
    }

    [GeneratedRegex(@"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKeys();

    // scheme://user:password@host; the password may hold anything but blanks and the next slash after its @.
    [GeneratedRegex(@"([a-z][a-z0-9+.\-]{1,30}://[^\s:/@]{0,128}:)[^\s/]{1,256}@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UrlPasswords();

    [GeneratedRegex(@"\b((?:bearer|basic)\s+)[A-Za-z0-9+/._~\-]{8,}=*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Credentials();

    // PASSWORD=x, --db-password x, "api_key": "x", AWS_SECRET_ACCESS_KEY=x, Authorization: x
    [GeneratedRegex(
        @"((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization|cookie)[a-z0-9_.\-]{0,40}[""']?(?:\s*[=:]\s*|\s+(?=[^\s\-=:]*[0-9]))[""']?)(?!\[redacted\])[^\s""',;&]{1,512}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamedSecrets();

    [GeneratedRegex(@"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9\-]{10,}|sk-[A-Za-z0-9_\-]{20,}|eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*)", RegexOptions.CultureInvariant)]
    private static partial Regex KnownTokens();
}
