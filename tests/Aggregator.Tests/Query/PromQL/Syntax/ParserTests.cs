using System.Runtime.CompilerServices;
using System.Text;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.TestSupport;

namespace HostAgent.Aggregator.Tests.Query.PromQL.Syntax;

public sealed class ParserTests
{
    private static readonly string[] Queries = File.ReadAllLines(Path.Combine(Folder(), "queries.txt"))
        .Where(static line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)).ToArray();

    [Fact]
    public void Every_query_of_the_table_is_read_or_refused_as_written_down()
    {
        var table = new StringBuilder();
        foreach (string query in Queries)
        {
            string answer;
            try
            {
                answer = "=> " + Parser.Parse(query.Replace("⏎", "\n"));
            }
            catch (QuerySyntaxException e)
            {
                answer = "!! " + e.Message;
            }

            table.Append(query).Append("\n    ").Append(answer.Replace("\n", "⏎")).Append('\n');
        }

        GoldenFile.Check("parser.txt", table.ToString());
    }

    [Fact]
    public void The_canonical_form_is_its_own_canonical_form()
    {
        int read = 0;
        foreach (string query in Queries)
        {
            if (TryParse(query.Replace("⏎", "\n")) is { } expression)
            {
                string canonical = expression.ToString();
                Assert.Equal(canonical, Parser.Parse(canonical).ToString());
                read++;
            }
        }

        Assert.InRange(read, 100, Queries.Length);
    }

    [Fact]
    public void Any_text_at_all_is_an_expression_or_a_refusal_with_a_position_inside_it()
    {
        var random = new Random(20260103);
        string[] pieces = [.. Queries.SelectMany(static q => q.Split(' ')), "(", ")", "[5m]", "{", "}", "\"", " ", "-", "é", "😀", "\n", "#"];
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(3) > 0 ? " " : "")));
            try
            {
                Assert.NotEmpty(Parser.Parse(text).ToString());
            }
            catch (QuerySyntaxException e)
            {
                Assert.InRange(e.Position ?? 1, 1, text.Length + 1);
                Assert.Contains("parse error: ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(Parser.MaxDepth - 1, true)]
    [InlineData(100_000 / 2, false)]
    public void Depth_is_bounded(int depth, bool accepted)
        => Assert.Equal(accepted, TryParse(new string('(', depth) + "1" + new string(')', depth)) is not null);

    [Fact]
    public void Length_is_bounded()
    {
        Assert.NotNull(TryParse(string.Join('+', Enumerable.Repeat("1", Parser.MaxOperators))));
        Assert.Null(TryParse(string.Join('+', Enumerable.Repeat("1", Parser.MaxOperators + 2))));
        Assert.Null(TryParse(new string('-', 50_000) + "1"));
        Assert.Null(TryParse("x" + string.Concat(Enumerable.Repeat("[5m:1m]", 5000))));
        Assert.Null(TryParse(new string('x', Parser.MaxLength + 1)));
    }

    private static Expression? TryParse(string query)
    {
        try
        {
            return Parser.Parse(query);
        }
        catch (QuerySyntaxException)
        {
            return null;
        }
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
