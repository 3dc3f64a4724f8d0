using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Aggregator.Query;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A point in JSON: <c>[unix seconds, value]</c>, as Prometheus orders it; the seconds have up to three decimals.</summary>
internal sealed class PointConverter : JsonConverter<Point>
{
    private static readonly SampleValueConverter Value = new();

    /// <inheritdoc/>
    public override Point Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Read();
        decimal seconds = reader.GetDecimal();
        reader.Read();
        double value = Value.Read(ref reader, typeof(double), options);
        reader.Read();
        return new Point((long)(seconds * 1000), value);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Point value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        WriteSeconds(writer, value.UnixMs);
        SampleValueConverter.Write(writer, value.Value);
        writer.WriteEndArray();
    }

    /// <summary>Writes unix milliseconds as seconds, exactly.</summary>
    public static void WriteSeconds(Utf8JsonWriter writer, long unixMs) => writer.WriteNumberValue(unixMs / 1000m);
}
