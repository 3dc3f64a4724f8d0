using System.Text;
using HostAgent.Agent.Configuration;

namespace HostAgent.Fuzz.Targets;

/// <summary>A settings file as an operator, or a template gone wrong, could write it.</summary>
internal sealed class SettingsText : FuzzTarget
{
    public override string Name => "settings";

    public override IEnumerable<byte[]> Seeds()
    {
        yield return ExampleBytes();
        yield return "labels:\n  site: north\nsamplers:\n  cpu: { enabled: false, interval: 5s }\n"u8.ToArray();
        yield return "interval: \"2s\"\nspool: {max_disk_bytes: 64MiB, spill_after: '10s'}\n"u8.ToArray();
        yield return "# nothing\n---\ninterval: 1s\n...\n"u8.ToArray();
    }

    public override bool Run(byte[] input)
    {
        try
        {
            using var text = new StringReader(Encoding.UTF8.GetString(input));
            List<Setting> settings = SettingsFile.Parse(text, "fuzz.yaml");
            var builder = new OptionsBuilder();
            builder.Add(settings);
            builder.Build();
            return true;
        }
        catch (ConfigurationException e) when (e.Message.Length > 0)
        {
            return false;
        }
    }

    private static byte[] ExampleBytes()
    {
        using Stream stream = typeof(SettingsText).Assembly.GetManifestResourceStream("hostagent.yaml")!;
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }
}
