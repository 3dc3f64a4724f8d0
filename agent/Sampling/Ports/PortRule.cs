using System.Globalization;
using System.Net;
using HostAgent.Agent.Linux;

namespace HostAgent.Agent.Sampling.Ports;

/// <summary>One port, or a range of ports, that the operator expects or allows: <c>22</c>, <c>443/tcp@all</c>, <c>5432/tcp@loopback</c>,
/// <c>53/udp@10.0.0.1</c>, <c>8080/tcp6</c>, <c>30000-32767/tcp</c>. Numbers are compared as numbers, families apart.</summary>
internal sealed record PortRule
{
    private const string Form = "PORT, with /tcp, /udp, /tcp4, /tcp6, /udp4 or /udp6 after it (tcp when left out) and @loopback, @all or @ADDRESS after that (any when left out)";

    /// <summary>What an expected list must be, to end the sentence "it must be ...".</summary>
    public const string ExpectedForm = "ports separated by commas: " + Form;

    /// <summary>What an allowed list must be.</summary>
    public const string AllowedForm = "ports or ranges FIRST-LAST separated by commas: " + Form;

    private ushort First { get; init; }

    private ushort Last { get; init; }

    private bool IsUdp { get; init; }

    // 4, 6 or 0 for either.
    private int Family { get; init; }

    // "", "all", "loopback" or an address as the runtime writes it.
    private string Scope { get; init; } = "";

    /// <summary>The labels of its series.</summary>
    public (string Name, string Value)[] Labels =>
    [
        ("port", First.ToString(CultureInfo.InvariantCulture)), ("protocol", IsUdp ? "udp" : "tcp"),
        .. Family != 0 ? [("family", Family == 4 ? "ipv4" : "ipv6")] : Array.Empty<(string, string)>(),
        .. Scope.Length > 0 ? [("scope", Scope)] : Array.Empty<(string, string)>(),
    ];

    /// <summary>Null when <paramref name="text"/> is a list of expected ports, else what it must be.</summary>
    public static string? CheckExpected(string text) => Parse(text, ranges: false) is null ? ExpectedForm : null;

    /// <summary>Null when <paramref name="text"/> is a list of allowed ports, else what it must be.</summary>
    public static string? CheckAllowed(string text) => Parse(text, ranges: true) is null ? AllowedForm : null;

    /// <summary>Reads a list, each rule once; null when something in it is no rule.</summary>
    public static PortRule[]? Parse(string text, bool ranges)
    {
        List<PortRule> rules = [];
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ParseOne(part) is not { } rule || (!ranges && rule.First != rule.Last))
            {
                return null;
            }

            rules.Add(rule);
        }

        return [.. rules.Distinct()];
    }

    /// <summary>Whether who goes to this port finds it open at this socket. One that is bound to every address is open on each.</summary>
    public bool IsOpenAt(in ListeningSocket socket) => HasNumber(socket) && Scope switch
    {
        "" => true,
        "all" => socket.IsAll,
        "loopback" => socket.IsAll || socket.IsLoopback,
        _ => socket.IsAll || socket.AddressText() == Scope,
    };

    /// <summary>Whether this socket may be there: it reaches no farther than the rule says.</summary>
    public bool Permits(in ListeningSocket socket) => HasNumber(socket) && Scope switch
    {
        "" or "all" => true,
        "loopback" => socket.IsLoopback,
        _ => socket.AddressText() == Scope,
    };

    /// <summary>Whether port and protocol are this rule's, on whatever address.</summary>
    public bool HasNumber(in ListeningSocket socket) =>
        socket.IsUdp == IsUdp && socket.Port >= First && socket.Port <= Last
        && (Family == 0 || (Family == 4 ? socket.TakesV4 : socket.TakesV6));

    private static PortRule? ParseOne(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string scope = at < 0 ? "" : text[(at + 1)..];
        text = at < 0 ? text : text[..at];
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string protocol = slash < 0 ? "tcp" : text[(slash + 1)..];
        string[] numbers = (slash < 0 ? text : text[..slash]).Split('-');
        if (numbers.Length > 2 || !TryPort(numbers[0], out ushort first) || !TryPort(numbers[^1], out ushort last) || last < first)
        {
            return null;
        }

        if (at >= 0 && scope is not ("all" or "loopback"))
        {
            if (!IPAddress.TryParse(scope, out IPAddress? address))
            {
                return null;
            }

            scope = address.ToString();
        }

        return protocol is "tcp" or "udp" or "tcp4" or "tcp6" or "udp4" or "udp6"
            ? new PortRule { First = first, Last = last, IsUdp = protocol[0] == 'u', Family = protocol[^1] switch { '4' => 4, '6' => 6, _ => 0 }, Scope = scope }
            : null;
    }

    private static bool TryPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;
}
