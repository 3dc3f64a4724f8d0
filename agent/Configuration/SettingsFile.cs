using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HostAgent.Agent.Configuration;

/// <summary>Reads a YAML file of nested mappings with plain values into settings; everything else in it is an error with its line.</summary>
internal static class SettingsFile
{
    private const int MaxDepth = 8;

    /// <exception cref="ConfigurationException">It is not YAML of this form.</exception>
    public static List<Setting> Parse(TextReader text, string file)
    {
        var settings = new List<Setting>();
        try
        {
            var parser = new Parser(text);
            parser.Consume<StreamStart>();
            if (parser.Accept<DocumentStart>(out _))
            {
                parser.Consume<DocumentStart>();
                Read(parser, "", file, settings, MaxDepth);
                parser.Consume<DocumentEnd>();
            }

            if (!parser.Accept<StreamEnd>(out _))
            {
                throw new ConfigurationException($"{file}:{parser.Current?.Start.Line}: a settings file is one document");
            }
        }
        catch (YamlException error)
        {
            throw new ConfigurationException($"{file}:{error.Start.Line}: this is not YAML: {error.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            // The scanner throws these, without a line, on some texts that are no YAML.
            throw new ConfigurationException($"{file}: this is not YAML: behind its {settings.Count}. setting something stands where it cannot");
        }

        return settings;
    }

    private static void Read(Parser parser, string prefix, string file, List<Setting> settings, int depth)
    {
        if (parser.TryConsume<Scalar>(out var value))
        {
            if (prefix.Length == 0)
            {
                if (value.Value.Length > 0)
                {
                    throw new ConfigurationException($"{file}:{value.Start.Line}: \"{value.Value}\" stands where \"key: value\" is expected");
                }

                return;
            }

            // A key without a value ("spool:" with everything below it commented out) sets nothing.
            if (value.Value.Length > 0 && !(value.Style == ScalarStyle.Plain && value.Value is "null" or "~"))
            {
                settings.Add(new Setting(prefix, value.Value, $"{file}:{value.Start.Line}"));
            }

            return;
        }

        if (TargetSettings.IsList(prefix) && parser.TryConsume<SequenceStart>(out _))
        {
            for (int i = 0; !parser.TryConsume<SequenceEnd>(out _); i++)
            {
                if (!parser.TryConsume<Scalar>(out var item))
                {
                    throw new ConfigurationException($"{file}:{parser.Current?.Start.Line}: {prefix} must be a list of plain values");
                }

                settings.Add(new Setting($"{prefix}.{i}", item.Value, $"{file}:{item.Start.Line}"));
            }

            return;
        }

        if (!parser.TryConsume<MappingStart>(out var mapping))
        {
            throw new ConfigurationException($"{file}:{parser.Current?.Start.Line}: {(prefix.Length == 0 ? "the file" : prefix)} must hold \"key: value\" lines or a value, not a list or a reference");
        }

        if (depth == 0)
        {
            throw new ConfigurationException($"{file}:{mapping.Start.Line}: {prefix} is nested too deeply");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw new ConfigurationException($"{file}:{parser.Current?.Start.Line}: a key must be a plain word");
            }

            if (!seen.Add(key.Value))
            {
                throw new ConfigurationException($"{file}:{key.Start.Line}: {Join(prefix, key.Value)} is set twice");
            }

            Read(parser, Join(prefix, key.Value), file, settings, depth - 1);
        }
    }

    private static string Join(string prefix, string key) => prefix.Length == 0 ? key : $"{prefix}.{key}";
}
