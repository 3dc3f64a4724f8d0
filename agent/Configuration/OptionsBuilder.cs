using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Configuration;

/// <summary>Makes options out of settings, those set later winning, and says everything that is wrong with them.</summary>
internal sealed class OptionsBuilder
{
    private const string LabelsPrefix = "labels.";
    private const string SamplersPrefix = "samplers.";

    private readonly List<string> _problems = [];
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SamplerSettings> _samplers = new(StringComparer.Ordinal);
    private AgentOptions _options = new();

    /// <summary>The settings that the environment makes.</summary>
    public static IEnumerable<Setting> FromEnvironment(Func<string, string?> environment) =>
        from key in SettingKeys.All
        let value = environment(key.Variable)
        where !string.IsNullOrEmpty(value)
        select new Setting(key.Name, value, key.Variable);

    public void Add(IEnumerable<Setting> settings)
    {
        foreach (var setting in settings)
        {
            Add(setting);
        }
    }

    /// <exception cref="ConfigurationException">Something is wrong; the message has one line for each thing.</exception>
    public AgentOptions Build()
    {
        var options = _options with { Labels = _labels, Sampling = _options.Sampling with { Samplers = _samplers } };
        if (_problems.Count == 0)
        {
            _problems.AddRange(SamplingOptionsCheck.Problems(options.Sampling));
            CheckTogether(options);
        }

        return _problems.Count == 0 ? options : throw new ConfigurationException(string.Join('\n', _problems));
    }

    private void Add(Setting setting)
    {
        if (setting.Name.StartsWith(LabelsPrefix, StringComparison.Ordinal))
        {
            AddLabel(setting, setting.Name[LabelsPrefix.Length..]);
        }
        else if (setting.Name.StartsWith(SamplersPrefix, StringComparison.Ordinal))
        {
            AddSampler(setting, setting.Name[SamplersPrefix.Length..].Split('.'));
        }
        else if (SettingKeys.All.FirstOrDefault(key => key.Name == setting.Name) is not { } known)
        {
            var names = SettingKeys.All.Select(key => key.Name).Concat(["labels", "samplers"]);
            _problems.Add($"{setting.Place}: there is no setting \"{setting.Name}\"{Suggestion.For(setting.Name, names)}");
        }
        else if (known.Apply(_options, setting.Value.Trim()) is { } changed)
        {
            _options = changed;
        }
        else
        {
            Refuse(setting, known.Allowed);
        }
    }

    private void AddLabel(Setting setting, string name)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || char.IsAsciiDigit(name[0])
            || name.StartsWith("__", StringComparison.Ordinal) || name is "host" or "instance")
        {
            _problems.Add($"{setting.Place}: \"{name}\" is no label name; it must be letters, digits and underscores, not begin with a digit or __, and not be host or instance");
            return;
        }

        _labels[name] = setting.Value;
    }

    private void AddSampler(Setting setting, string[] path)
    {
        var definition = SamplerCatalog.All.FirstOrDefault(one => one.Name == path[0]);
        if (definition is null)
        {
            _problems.Add($"{setting.Place}: there is no sampler \"{path[0]}\"{Suggestion.For(path[0], SamplerCatalog.All.Select(one => one.Name))}");
            return;
        }

        // Of what has names of the operator's choice, the name may hold dots.
        if (path.Length > 2 && definition.Options.Any(one => one.Name == path[1] && one.Kind == SamplerOptionKind.Named))
        {
            AddValue(path[0], string.Join('.', path[1..]), setting.Value);
            return;
        }

        if (path.Length != 2)
        {
            Refuse(setting, "settings such as \"enabled: false\"");
            return;
        }

        var sampler = _samplers.GetValueOrDefault(path[0]) ?? new SamplerSettings();
        switch (path[1])
        {
            case "enabled" when setting.Value is "true" or "false":
                sampler = sampler with { Enabled = setting.Value == "true" };
                break;
            case "enabled":
                Refuse(setting, "true or false");
                break;
            case "interval" or "timeout" when SettingText.Duration(setting.Value) is { } duration:
                sampler = path[1] == "interval" ? sampler with { Interval = duration } : sampler with { Timeout = duration };
                break;
            case "interval" or "timeout":
                Refuse(setting, "a duration such as 500ms, 5s, 2m");
                break;
            default:
                string[] names = ["enabled", "interval", "timeout", .. definition.Options.Select(one => one.Name)];
                if (!names.Contains(path[1]))
                {
                    _problems.Add($"{setting.Place}: sampler {path[0]} has no setting \"{path[1]}\"{Suggestion.For(path[1], names)}");
                    return;
                }

                if (definition.Options.Any(one => one.Name == path[1] && one.Kind == SamplerOptionKind.Named))
                {
                    Refuse(setting, "lines of \"NAME: text\"");
                    return;
                }

                AddValue(path[0], path[1], setting.Value);
                return;
        }

        _samplers[path[0]] = sampler;
    }

    private void AddValue(string sampler, string option, string value)
    {
        var settings = _samplers.GetValueOrDefault(sampler) ?? new SamplerSettings();
        _samplers[sampler] = settings with { Values = new Dictionary<string, string>(settings.Values) { [option] = value } };
    }

    private void CheckTogether(AgentOptions options)
    {
        if (options.Stream.MaxAckDelay * 2 > options.Spool.SpillAfter)
        {
            _problems.Add($"stream.max_ack_delay: {options.Stream.MaxAckDelay.TotalSeconds:0.###}s is not allowed; it must be at most half of "
                + $"spool.spill_after ({options.Spool.SpillAfter.TotalSeconds:0.###}s), or a healthy agent would write to disk");
        }

        if (options.Spool.MaxDiskBytes != 0 && options.Spool.MaxSegmentBytes * 2 > options.Spool.MaxDiskBytes)
        {
            _problems.Add($"spool.max_segment_bytes: {options.Spool.MaxSegmentBytes} is not allowed; it must be at most half of spool.max_disk_bytes ({options.Spool.MaxDiskBytes})");
        }

        if (options.Stream.MinReconnectDelay > options.Stream.MaxReconnectDelay)
        {
            _problems.Add("stream.min_reconnect_delay is not allowed to be longer than stream.max_reconnect_delay");
        }
    }

    private void Refuse(Setting setting, string allowed) =>
        _problems.Add($"{setting.Place}: {setting.Name}: \"{setting.Value}\" is not allowed; it must be {allowed}");
}
