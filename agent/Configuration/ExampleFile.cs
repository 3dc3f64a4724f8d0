using System.Text;
using HostAgent.Agent.Sampling;

namespace HostAgent.Agent.Configuration;

/// <summary>The settings file with every key at its default, each with its explanation: <c>hostagent example-config</c> and
/// deploy/hostagent.yaml.</summary>
internal static class ExampleFile
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("# Settings of hostagent: every key with its default. Environment variables (HOSTAGENT_ and the key in capitals, dots as\n");
        text.Append("# underscores) win over this file, and the command line wins over both. `hostagent check-config FILE` checks a file.\n");
        var room = "";
        foreach (var key in SettingKeys.All)
        {
            var dot = key.Name.IndexOf('.', StringComparison.Ordinal);
            var owner = dot < 0 ? "" : key.Name[..dot];
            if (owner != room)
            {
                text.Append('\n').Append(owner).Append(":\n");
                room = owner;
            }
            else if (room.Length == 0)
            {
                text.Append('\n');
            }

            var indent = room.Length == 0 ? "" : "  ";
            text.Append(indent).Append("# ").Append(key.Help).Append(" It must be ").Append(key.Allowed.Split(", such as")[0]).Append(".\n").Append(indent);
            text.Append(key.Default.Length == 0 ? "# " : "").Append(key.Name[(dot + 1)..]).Append(": ").Append(key.Default.Length == 0 ? "..." : key.Default).Append('\n');
        }

        text.Append("\n# Added to every series of this host.\nlabels:\n  # site: north\n");
        text.Append("\n# Every sampler also has `enabled` (true or false), `interval` and `timeout` (2s).\nsamplers:\n");
        foreach (var sampler in SamplerCatalog.All)
        {
            text.Append("  # ").Append(sampler.Help).Append('\n');
            text.Append("  ").Append(sampler.Name).Append(":\n");
            if (sampler.Interval is { } interval)
            {
                text.Append("    interval: ").Append(interval.TotalSeconds).Append("s\n");
            }

            foreach (var option in sampler.Options)
            {
                text.Append("    # ").Append(option.Help).Append('\n');
                text.Append("    ").Append(option.Name).Append(": ").Append(option.Kind == SamplerOptionKind.Named ? "{}" : Quote(option.Default)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Quote(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') ? value : $"\"{value}\"";
}
