using System.Text;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Fuzz.Targets;

/// <summary>Selectors as anybody who reaches the API could write them.</summary>
internal sealed class SelectorText : FuzzTarget
{
    public override string Name => "selector";

    public override IEnumerable<byte[]> Seeds() =>
    [
        "host_load1"u8.ToArray(),
        "host_cpu_seconds_total{mode!=\"idle\",cpu=~\"0|1\"}"u8.ToArray(),
        "{__name__=~\"host_.+\", host='web\\'1', site!~\"(a{1,9}|[b-d]*)+\",}"u8.ToArray(),
        "m{a=\"\\u00e9\\n\\x41\\101\"}"u8.ToArray(),
        "m{a=~\"(?i)x{50}(y{20})*\\\\d\\\\p{L}\"}"u8.ToArray(),
        "m{a=~\"(?x) a+ \"}"u8.ToArray(),
    ];

    public override bool Run(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        try
        {
            Selector selector = Selector.Parse(text);
            if (selector.Matchers.Count is 0 or > Selector.MaxMatchers || selector.Text != text)
            {
                throw new InvalidOperationException($"{selector.Matchers.Count} conditions");
            }

            foreach (LabelMatcher matcher in selector.Matchers)
            {
                // What was accepted must also be executable.
                _ = new LabelCondition(matcher).Matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
            }

            return true;
        }
        catch (QuerySyntaxException e) when (e.Position is null or > 0 && (e.Position ?? 1) <= text.Length + 1)
        {
            return false;
        }
    }
}
