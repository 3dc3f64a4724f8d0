using System.Globalization;
using System.Text;
using HostAgent.Aggregator.Storage;
using MatchType = HostAgent.Aggregator.Storage.MatchType;

namespace HostAgent.Aggregator.Query.PromQL.Syntax;

/// <summary>Writes expressions in canonical form, the one that Prometheus' API and rule pages show.</summary>
internal static class ExpressionPrinter
{
    /// <summary>On one line.</summary>
    public static string Print(Expression expression) => expression switch
    {
        NumberLiteral number => Number(number),
        StringLiteral text => GoText.Quote(text.Value),
        ParenExpression paren => $"({Print(paren.Inner)})",
        UnaryExpression unary => (unary.Negates ? "-" : "+") + Print(unary.Operand),
        BinaryExpression binary => $"{Print(binary.Left)} {binary.Operator.Text()}{Modifiers(binary)} {Print(binary.Right)}",
        AggregateExpression aggregate => Aggregate(aggregate),
        CallExpression call => $"{call.Function.Name}({string.Join(", ", call.Arguments.Select(Print))})",
        VectorSelector selector => Selector(selector) + Shift(selector.Shift),
        MatrixSelector matrix => $"{Selector(matrix.Selector)}[{DurationText.Format(matrix.RangeMs)}]{Shift(matrix.Selector.Shift)}",
        SubqueryExpression sub => $"{Print(sub.Operand)}[{DurationText.Format(sub.RangeMs)}:{(sub.StepMs is { } step ? DurationText.Format(step) : "")}]{Shift(sub.Shift)}",
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    /// <summary>A label name, in quotes when it needs them.</summary>
    public static string LabelName(string name) => IsPlain(name, colon: false) ? name : GoText.Quote(name);

    private static string Number(NumberLiteral number)
    {
        if (!number.IsDuration)
        {
            return GoText.Number(number.Value);
        }

        long ms = (long)Math.Round(Math.Abs(number.Value) * 1000);
        return (number.Value < 0 ? "-" : "") + DurationText.Format(ms);
    }

    private static string Modifiers(BinaryExpression binary)
    {
        VectorMatching matching = binary.Matching;
        string text = binary.ReturnBool ? " bool" : "";
        if (matching.On || matching.Labels.Count > 0)
        {
            text += $" {(matching.On ? "on" : "ignoring")} ({Labels(matching.Labels)})";
        }

        return matching.Cardinality switch
        {
            VectorCardinality.ManyToOne => $"{text} group_left ({Labels(matching.Include)})",
            VectorCardinality.OneToMany => $"{text} group_right ({Labels(matching.Include)})",
            _ => text,
        };
    }

    private static string Aggregate(AggregateExpression aggregate)
    {
        string grouping = aggregate.Without ? $" without ({Labels(aggregate.Grouping)}) "
            : aggregate.Grouping.Count > 0 ? $" by ({Labels(aggregate.Grouping)}) " : "";
        string parameter = aggregate.Parameter is { } given ? Print(given) + ", " : "";
        return $"{aggregate.Operator.Text()}{grouping}({parameter}{Print(aggregate.Operand)})";
    }

    private static string Selector(VectorSelector selector)
    {
        bool plain = selector.Name is not null && IsPlain(selector.Name, colon: true);
        var parts = new List<string>();
        if (selector.Name is { } name && !plain)
        {
            parts.Add(GoText.Quote(name));
        }

        parts.AddRange(selector.Matchers.Skip(selector.Name is null ? 0 : 1).Select(Matcher));
        return (plain ? selector.Name : "") + (parts.Count > 0 || !plain ? $"{{{string.Join(',', parts)}}}" : "");
    }

    private static string Matcher(LabelMatcher matcher)
    {
        string sign = matcher.Type switch
        {
            MatchType.Equal => "=",
            MatchType.NotEqual => "!=",
            MatchType.Regex => "=~",
            _ => "!~",
        };
        return LabelName(matcher.Name) + sign + GoText.Quote(matcher.Value);
    }

    private static string Shift(TimeShift shift)
    {
        var text = new StringBuilder();
        if (shift.AtUnixMs is { } at)
        {
            text.Append(CultureInfo.InvariantCulture, $" @ {at / 1000m:0.000}");
        }
        else if (shift.AtBound is { } bound)
        {
            text.Append(bound == QueryBound.Start ? " @ start()" : " @ end()");
        }

        if (shift.OffsetMs != 0)
        {
            text.Append(shift.OffsetMs < 0 ? " offset -" : " offset ").Append(DurationText.Format(Math.Abs(shift.OffsetMs)));
        }

        return text.ToString();
    }

    private static string Labels(IEnumerable<string> names) => string.Join(", ", names.Select(LabelName));

    private static bool IsPlain(string name, bool colon)
    {
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (!(char.IsAsciiLetter(c) || c == '_' || (colon && c == ':') || (i > 0 && char.IsAsciiDigit(c))))
            {
                return false;
            }
        }

        return name.Length > 0;
    }
}
