using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.Aggregator.Storage;
using MatchType = HostAgent.Aggregator.Storage.MatchType;

namespace HostAgent.Aggregator.Tests.Query;

public sealed class SelectorTests
{
    [Theory]
    [InlineData("host_load1", "__name__ Equal host_load1")]
    [InlineData(" host_load1 { } ", "__name__ Equal host_load1")]
    [InlineData("a:b{}", "__name__ Equal a:b")]
    [InlineData("m{a=\"1\"}", "__name__ Equal m|a Equal 1")]
    [InlineData("m{a=\"1\",}", "__name__ Equal m|a Equal 1")]
    [InlineData("m { a = \"1\" , b != '2' }", "__name__ Equal m|a Equal 1|b NotEqual 2")]
    [InlineData("{a=~\"x.*\",b!~`\\d`}", "a Regex x.*|b NotRegex \\d")]
    [InlineData("{__name__=~\"host_.+\"}", "__name__ Regex host_.+")]
    [InlineData("host_cpu_seconds_total{mode!=\"idle\",cpu=~\"cpu.*\"}", "__name__ Equal host_cpu_seconds_total|mode NotEqual idle|cpu Regex cpu.*")]
    [InlineData("{a=\"x\",b=\"\"}", "a Equal x|b Equal ")]
    [InlineData("m{a=\"}{,=\"}", "__name__ Equal m|a Equal }{,=")]
    public void What_is_a_selector_becomes_its_conditions(string text, string expected)
        => Assert.Equal(expected, string.Join('|', Selector.Parse(text).Matchers.Select(matcher => $"{matcher.Name} {matcher.Type} {matcher.Value}")));

    [Theory]
    [InlineData("\"a\\\"b\"", "a\"b")]
    [InlineData("'it\\'s \"x\"'", "it's \"x\"")]
    [InlineData("\"\\a\\b\\f\\n\\r\\t\\v\\\\\"", "\a\b\f\n\r\t\v\\")]
    [InlineData("\"\\x41\\101\"", "AA")]
    [InlineData("\"\\xc3\\xa4\"", "ä")]
    [InlineData("\"\\u00e4\\U0001F600\"", "ä😀")]
    [InlineData("\"ä😀\"", "ä😀")]
    [InlineData("`a\\nb\nc`", "a\\nb\nc")]
    public void Strings_have_the_escapes_of_Prometheus(string literal, string expected)
        => Assert.Equal(expected, Selector.Parse($"m{{a={literal}}}").Matchers[1].Value);

    [Theory]
    [InlineData("", null, "the selector is empty; write a metric name, for example host_load1, or conditions, for example {host=\"web1\"}")]
    [InlineData("  ", null, "the selector is empty; write a metric name, for example host_load1, or conditions, for example {host=\"web1\"}")]
    [InlineData("1", 1, "unexpected number \"1\"")]
    [InlineData("1m", 1, "unexpected duration \"1m\"")]
    [InlineData("m n", 3, "unexpected identifier \"n\"")]
    [InlineData("m{", 3, "unexpected end of input inside braces")]
    [InlineData("m{a", 4, "unexpected end of input inside braces")]
    [InlineData("m{a}", 4, "unexpected \"}\" in label matching, expected label matching operator")]
    [InlineData("m{a=}", 5, "unexpected \"}\" in label matching, expected string")]
    [InlineData("m{a=b}", 5, "unexpected identifier \"b\" in label matching, expected string")]
    [InlineData("m{a==\"b\"}", 5, "unexpected \"=\" in label matching, expected string")]
    [InlineData("m{a!\"b\"}", 4, "unexpected character after '!' inside braces: '\"'")]
    [InlineData("m{a>\"b\"}", 4, "unexpected character inside braces: '>'")]
    [InlineData("m{a=\"b\" c=\"d\"}", 9, "unexpected identifier \"c\" in label matching, expected \",\" or \"}\"")]
    [InlineData("m{,a=\"b\"}", 3, "unexpected \",\" in label matching, expected identifier or \"}\"")]
    [InlineData("m{a=\"b\"}[5m]", 9, "unexpected \"[\"")]
    [InlineData("m offset 5m", 3, "unexpected <offset>")]
    [InlineData("m{a=\"b}", 5, "unterminated quoted string")]
    [InlineData("m{a=\"b\nc\"}", 5, "unterminated quoted string")]
    [InlineData("m{a=\"\\q\"}", 5, "unknown escape sequence U+0071 'q'")]
    [InlineData("m{a=\"\\'\"}", 5, "unknown escape sequence U+0027 '''")]
    [InlineData("m{a=\"\\x4\"}", 5, "illegal character U+0022 '\"' in escape sequence")]
    [InlineData("m{a=\"\\ud800\"}", 5, "escape sequence is an invalid Unicode code point")]
    [InlineData("m{a=\"\\777\"}", 5, "escape sequence is an invalid Unicode code point")]
    [InlineData("m{a=\"\\xff\"}", 5, "the bytes of the string are not UTF-8")]
    [InlineData("m{a=~\"(\"}", 3, "error parsing regexp: insufficient closing parentheses at its character 2: `(`")]
    [InlineData("m{a=~\"(x)\\\\1\"}", 3, "error parsing regexp: back references, look-around and atomic groups are not supported: `(x)\\1`")]
    [InlineData("m{a=~\"(?x)a #b\"}", 3, "error parsing regexp: it ends inside a comment of (?x): `(?x)a #b`")]
    [InlineData("m{__name__=\"n\"}", 1, "metric name must not be set twice: \"m\" or \"n\"")]
    [InlineData("{}", 1, "vector selector must contain at least one non-empty matcher")]
    [InlineData("{a=\"\",b=~\".*\",c!=\"x\",d!~\"y\"}", 1, "vector selector must contain at least one non-empty matcher")]
    public void What_is_none_is_refused_at_the_right_character(string text, int? position, string message)
    {
        QuerySyntaxException error = Assert.Throws<QuerySyntaxException>(() => Selector.Parse(text));
        Assert.Equal(message, error.Problem);
        Assert.Equal(position, error.Position);
    }

    [Fact]
    public void Sizes_are_bounded()
    {
        Assert.Throws<QuerySyntaxException>(() => Selector.Parse(new string('a', Selector.MaxLength + 1)));
        Assert.Throws<QuerySyntaxException>(() => Selector.Parse($"m{{a=~\"{new string('a', LabelRegex.MaxLength + 1)}\"}}"));
        string conditions = string.Join(',', Enumerable.Range(0, Selector.MaxMatchers).Select(i => $"l{i}=\"x\""));
        Assert.Equal(Selector.MaxMatchers, Selector.Parse($"{{{conditions}}}").Matchers.Count);
        Assert.Throws<QuerySyntaxException>(() => Selector.Parse($"m{{{conditions}}}"));
    }

    [Fact]
    public void Every_selector_that_is_written_out_reads_back_the_same()
    {
        const int seed = 20260101;
        var random = new Random(seed);
        for (int round = 0; round < 3000; round++)
        {
            LabelMatcher[] matchers = [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => new LabelMatcher("l" + i, (MatchType)random.Next(2), Text(random)))];
            string written = "m{" + string.Join(',', matchers.Select(matcher => $"{matcher.Name}{(matcher.Type == MatchType.Equal ? "=" : "!=")}{Quote(matcher.Value, random)}")) + "}";
            Assert.Equal(matchers, Selector.Parse(written).Matchers.Skip(1));
        }
    }

    [Fact]
    public void Any_text_at_all_is_a_selector_or_a_refusal_with_a_position_inside_it()
    {
        const int seed = 20260102;
        var random = new Random(seed);
        const string alphabet = "mab_1{}=!~\"'`,\\x0u. \n(*[é";
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(0, 16)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            try
            {
                Assert.NotEmpty(Selector.Parse(text).Matchers);
            }
            catch (QuerySyntaxException e)
            {
                Assert.InRange(e.Position ?? 1, 1, text.Length + 1);
            }
        }
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(0, 8)).Select(_ => random.Next(6) switch
    {
        0 => "\"",
        1 => "\\",
        2 => "\n",
        3 => "😀",
        4 => "'",
        _ => ((char)random.Next('!', 0x2ff)).ToString(),
    }));

    private static string Quote(string value, Random random)
    {
        char quote = random.Next(2) == 0 ? '"' : '\'';
        return quote + value.Replace("\\", "\\\\").Replace("\n", "\\n").Replace(quote.ToString(), "\\" + quote) + quote;
    }
}
