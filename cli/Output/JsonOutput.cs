namespace HostAgent.Cli.Output;

/// <summary>Writes JSON as it came from the aggregator.</summary>
internal static class JsonOutput
{
    /// <summary>One document and a line feed.</summary>
    public static void WriteJson(this Terminal terminal, ReadOnlySpan<byte> utf8) => terminal.Out.WriteLine(System.Text.Encoding.UTF8.GetString(utf8));
}
