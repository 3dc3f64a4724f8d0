using System.Text;
using System.Text.RegularExpressions;
using HostAgent.Aggregator.Query.PromQL.Evaluation;
using HostAgent.Aggregator.Query.PromQL.Syntax;

namespace HostAgent.Aggregator.Query.PromQL.Functions;

/// <summary>label_replace, label_join.</summary>
internal static class LabelFunctions
{
    /// <exception cref="QueryExecutionException">The regular expression or the destination is none.</exception>
    public static SeriesOperator Replace(Evaluator evaluator, CallExpression call)
    {
        string[] texts = [.. call.Arguments.Skip(1).Select(Evaluator.Text)];
        (string destination, string replacement, string source, string pattern) = (texts[0], texts[1], texts[2], texts[3]);
        if (LabelRegex.Problem(pattern) is not null)
        {
            throw new QueryExecutionException($"invalid regular expression in label_replace(): {pattern}");
        }

        if (destination.Length == 0)
        {
            throw new QueryExecutionException($"invalid destination label name in label_replace(): {destination}");
        }

        Regex regex = LabelRegex.Compile(pattern);
        return new RelabelOperator(evaluator.Vector(call.Arguments[0]), labels =>
        {
            Match match = regex.Match(labels[source]);
            return match.Success ? labels.With(destination, Expand(replacement, match)) : labels;
        });
    }

    /// <exception cref="QueryExecutionException">A label name is none.</exception>
    public static SeriesOperator Join(Evaluator evaluator, CallExpression call)
    {
        string[] texts = [.. call.Arguments.Skip(1).Select(Evaluator.Text)];
        (string destination, string separator, string[] sources) = (texts[0], texts[1], texts[2..]);
        if (Array.Exists(sources, static s => s.Length == 0))
        {
            throw new QueryExecutionException("invalid source label name in label_join(): ");
        }

        if (destination.Length == 0)
        {
            throw new QueryExecutionException($"invalid destination label name in label_join(): {destination}");
        }

        return new RelabelOperator(
            evaluator.Vector(call.Arguments[0]), labels => labels.With(destination, string.Join(separator, sources.Select(source => labels[source]))));
    }

    // $1, ${1}, $name, ${name}, $$; what names no group is nothing (https://pkg.go.dev/regexp#Regexp.Expand).
    private static string Expand(string template, Match match)
    {
        var text = new StringBuilder();
        for (int i = 0; i < template.Length; i++)
        {
            if (template[i] != '$' || i + 1 == template.Length)
            {
                text.Append(template[i]);
                continue;
            }

            if (template[i + 1] == '$')
            {
                text.Append('$');
                i++;
                continue;
            }

            bool braced = template[i + 1] == '{';
            int start = i + (braced ? 2 : 1);
            int end = start;
            while (end < template.Length && (char.IsLetterOrDigit(template[end]) || template[end] == '_'))
            {
                end++;
            }

            if (end == start || (braced && (end == template.Length || template[end] != '}')))
            {
                text.Append('$'); // malformed: as it stands
                continue;
            }

            text.Append(match.Groups[template[start..end]].Value);
            i = braced ? end : end - 1;
        }

        return text.ToString();
    }
}
