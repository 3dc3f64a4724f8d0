using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostAgent.Cli.Api;

/// <summary>Reads <c>[unix seconds, value]</c>.</summary>
internal sealed class PointConverter : JsonConverter<Point>
{
    /// <inheritdoc/>
    public override Point Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Require(reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.Number);
        double seconds = reader.GetDouble();
        reader.Read();
        double value = SampleValueConverter.Read(ref reader);
        Require(reader.Read() && reader.TokenType == JsonTokenType.EndArray);
        return new Point(seconds, value);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Point value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Seconds);
        SampleValueConverter.Write(writer, value.Value);
        writer.WriteEndArray();
    }

    private static void Require(bool met)
    {
        if (!met)
        {
            throw new JsonException("a point is [seconds, value]");
        }
    }
}
