using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostAgent.Cli.Api;

/// <summary>A sample's value: a number, or one of the strings "NaN", "+Inf" and "-Inf".</summary>
internal sealed class SampleValueConverter : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => Write(writer, value);

    /// <summary>Reads the value at the reader's position.</summary>
    public static double Read(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.Number
            ? reader.GetDouble()
            : (reader.TokenType == JsonTokenType.String ? reader.GetString() : null) switch
            {
                "NaN" => double.NaN,
                "+Inf" => double.PositiveInfinity,
                "-Inf" => double.NegativeInfinity,
                _ => throw new JsonException("a value is a number, \"NaN\", \"+Inf\" or \"-Inf\""),
            };

    /// <summary>Writes a value.</summary>
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
}
