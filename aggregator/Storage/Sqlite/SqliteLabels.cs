using System.Buffers;
using System.Text;
using System.Text.Json;

namespace HostAgent.Aggregator.Storage.Sqlite;

/// <summary>Labels as a JSON object, so that SQLite's own functions can read them (<c>labels ->> 'host'</c>).</summary>
internal static class SqliteLabels
{
    public static string ToJson(LabelSet labels)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (LabelPair label in labels)
            {
                writer.WriteString(label.Name, label.Value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static LabelSet FromJson(string json)
    {
        var pairs = new List<LabelPair>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                pairs.Add(new LabelPair(name, reader.GetString() ?? ""));
            }
        }

        return LabelSet.From(pairs);
    }
}
