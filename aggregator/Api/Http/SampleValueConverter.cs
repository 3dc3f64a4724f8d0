using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostAgent.Aggregator.Api.Http;

/// <summary>A sample's value in JSON: a number, or the string <c>"NaN"</c>, <c>"+Inf"</c> or <c>"-Inf"</c>, for which JSON has no number.</summary>
internal sealed class SampleValueConverter : JsonConverter<double>
{
    /// <summary>Writes one value.</summary>
    public static void Write(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
        }
    }

    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : reader.GetString() switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var other => double.Parse(other!, CultureInfo.InvariantCulture),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => Write(writer, value);
}
