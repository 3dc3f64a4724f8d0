using HostAgent.Aggregator.Storage;
using HostAgent.V1;

namespace HostAgent.Aggregator.Ingest;

/// <summary>What names, labels and numbers an agent may announce. Each check throws a <see cref="RefusalException"/> that names what broke it.</summary>
internal sealed class AnnouncementRules(IngestOptions options)
{
    private static readonly string[] Reserved = ["host", "instance"];

    public void Check(MetricDef metric)
    {
        if (!IsName(metric.Name, allowColon: true))
        {
            throw RefusalException.Invalid("metric_name", $"\"{Shown(metric.Name)}\" is no metric name: letters, digits, _ and :, at most {options.MaxNameLength}");
        }

        if (metric.Help.Length > options.MaxTextLength)
        {
            throw RefusalException.OverLimit("help_length", $"the help of {metric.Name} has more than {options.MaxTextLength} characters");
        }

        if (metric.IsFloat && (metric.Multiplier > 1 || metric.Divisor > 1))
        {
            throw RefusalException.Invalid("metric_scale", $"{metric.Name} is a float and has a scale");
        }
    }

    /// <summary>The labels as the store keeps them: the agent's own, those of the host that it does not override, host and instance.</summary>
    public LabelSet Labels(IEnumerable<Label> labels, Hello hello, string of)
    {
        var pairs = new List<LabelPair>();
        foreach (Label label in labels)
        {
            Check(label, of);
            if (pairs.Exists(p => p.Name == label.Name))
            {
                throw RefusalException.Invalid("label_twice", $"label {label.Name} of {of} stands twice");
            }

            pairs.Add(new LabelPair(label.Name, label.Value));
        }

        foreach (Label label in hello.Labels)
        {
            if (!pairs.Exists(p => p.Name == label.Name))
            {
                pairs.Add(new LabelPair(label.Name, label.Value));
            }
        }

        if (pairs.Count > options.MaxLabels)
        {
            throw RefusalException.OverLimit("label_count", $"{of} has {pairs.Count} labels, the limit is {options.MaxLabels}");
        }

        pairs.Add(new LabelPair("host", hello.HostName));
        pairs.Add(new LabelPair("instance", hello.HostId));
        return LabelSet.From(pairs);
    }

    /// <summary>The host's own labels.</summary>
    public LabelSet HostLabels(Hello hello)
    {
        foreach (Label label in hello.Labels)
        {
            Check(label, "the host");
        }

        if (hello.Labels.Count > options.MaxLabels || hello.Labels.DistinctBy(static l => l.Name).Count() != hello.Labels.Count)
        {
            throw RefusalException.OverLimit("label_count", $"the host has {hello.Labels.Count} labels (the limit is {options.MaxLabels}), or one of them twice");
        }

        return LabelSet.From(hello.Labels.Select(static l => new LabelPair(l.Name, l.Value)));
    }

    /// <summary>What a lane says of itself.</summary>
    public void Check(Hello hello)
    {
        if (hello.Protocol != 1)
        {
            throw RefusalException.Invalid("protocol", $"protocol {hello.Protocol} is not spoken here, 1 is; install an agent of this aggregator's version");
        }

        if (hello.HostId.Length != 32 || !hello.HostId.All(char.IsAsciiHexDigitLower))
        {
            throw RefusalException.Invalid("host_id", $"host_id \"{Shown(hello.HostId)}\" is not 32 lower-case hex digits");
        }

        if (hello.HostName.Length == 0 || new[] { hello.HostName, hello.AgentVersion, hello.BootId }.Any(t => t.Length > options.MaxTextLength))
        {
            throw RefusalException.Invalid("hello_text", $"host_name is empty, or a text of Hello has more than {options.MaxTextLength} characters");
        }

        if (hello.Lane is not (Lane.Live or Lane.Backfill))
        {
            throw RefusalException.Invalid("lane", $"lane {(int)hello.Lane} is not known");
        }

        if (hello.Epoch is 0 or > long.MaxValue)
        {
            throw RefusalException.Invalid("epoch", "epoch must be between 1 and 2^63 - 1");
        }
    }

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "...";

    private void Check(Label label, string of)
    {
        if (!IsName(label.Name, allowColon: false) || label.Name.StartsWith("__", StringComparison.Ordinal))
        {
            throw RefusalException.Invalid("label_name", $"\"{Shown(label.Name)}\" of {of} is no label name");
        }

        if (Reserved.Contains(label.Name))
        {
            throw RefusalException.Invalid("label_reserved", $"label {label.Name} of {of} is added by the aggregator alone");
        }

        if (label.Value.Length > options.MaxTextLength)
        {
            throw RefusalException.OverLimit("label_length", $"label {label.Name} of {of} has {label.Value.Length} characters, the limit is {options.MaxTextLength}");
        }
    }

    private bool IsName(string name, bool allowColon)
    {
        if (name.Length == 0 || name.Length > options.MaxNameLength || char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !(allowColon && c == ':'))
            {
                return false;
            }
        }

        return true;
    }
}
