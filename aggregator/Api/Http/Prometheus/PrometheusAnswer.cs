using System.Globalization;
using System.Text.Json;
using HostAgent.Aggregator.Query;
using HostAgent.Aggregator.Query.PromQL;
using HostAgent.Aggregator.Query.PromQL.Syntax;
using HostAgent.Aggregator.Storage;

namespace HostAgent.Aggregator.Api.Http.Prometheus;

/// <summary>Writes answers in the form of Prometheus, good and bad ones.</summary>
internal static class PrometheusAnswer
{
    private const int ClientClosedRequest = 499; // of nginx; Prometheus answers with it too

    /// <summary>Works out an answer and writes it; what goes wrong becomes an error document.</summary>
    /// <param name="http">The request.</param>
    /// <param name="work">Reads the parameters, does the work and gives what writes the data.</param>
    public static async Task WriteAsync(HttpContext http, Func<PrometheusParameters, Action<Utf8JsonWriter>> work)
    {
        Action<Utf8JsonWriter> write;
        int status = StatusCodes.Status200OK;
        try
        {
            Action<Utf8JsonWriter> data = work(await PrometheusParameters.ReadAsync(http.Request));
            write = json =>
            {
                json.WriteString("status", "success");
                json.WritePropertyName("data");
                data(json);
            };
        }
        catch (Exception e) when (ErrorOf(e) is not null)
        {
            (status, string type) = ErrorOf(e)!.Value;
            write = json =>
            {
                json.WriteString("status", "error");
                json.WriteString("errorType", type);
                json.WriteString("error", e is QuerySyntaxException ? $"invalid parameter \"query\": {e.Message}" : e.Message);
            };
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }

    /// <summary>The value of a query.</summary>
    public static void Write(Utf8JsonWriter json, QueryResult result)
    {
        json.WriteStartObject();
        json.WriteString("resultType", result.Type.Wire());
        json.WritePropertyName("result");
        switch (result)
        {
            case ScalarResult scalar:
                WritePoint(json, scalar.UnixMs, Number(scalar.Value));
                break;
            case StringResult text:
                WritePoint(json, text.UnixMs, text.Value);
                break;
            case VectorResult vector:
                json.WriteStartArray();
                foreach (ResultSample sample in vector.Samples)
                {
                    json.WriteStartObject();
                    json.WritePropertyName("metric");
                    Write(json, sample.Labels);
                    json.WritePropertyName("value");
                    WritePoint(json, vector.UnixMs, Number(sample.Value));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                break;
            case MatrixResult matrix:
                WriteMatrix(json, matrix);
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>Labels as an object.</summary>
    public static void Write(Utf8JsonWriter json, Labels labels)
    {
        json.WriteStartObject();
        foreach (LabelPair pair in labels.Pairs)
        {
            json.WriteString(pair.Name, pair.Value);
        }

        json.WriteEndObject();
    }

    private static void WriteMatrix(Utf8JsonWriter json, MatrixResult matrix)
    {
        json.WriteStartArray();
        foreach (ResultSeries series in matrix.Series)
        {
            json.WriteStartObject();
            json.WritePropertyName("metric");
            Write(json, series.Labels);
            json.WriteStartArray("values");
            foreach (Point point in series.Points)
            {
                WritePoint(json, point.UnixMs, Number(point.Value));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePoint(Utf8JsonWriter json, long unixMs, string value)
    {
        json.WriteStartArray();
        json.WriteRawValue((unixMs / 1000m).ToString(unixMs % 1000 == 0 ? "0" : "0.000", CultureInfo.InvariantCulture));
        json.WriteStringValue(value);
        json.WriteEndArray();
    }

    // Very large and very small numbers with an exponent, all others without.
    private static string Number(double value)
        => double.IsFinite(value) && value != 0 && Math.Abs(value) is < 1e-6 or >= 1e21
            ? value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e')
            : GoText.Number(value);

    private static (int Status, string Type)? ErrorOf(Exception exception) => exception switch
    {
        QuerySyntaxException or BadHttpRequestException => (StatusCodes.Status400BadRequest, "bad_data"),
        QueryExecutionException or QueryLimitException => (StatusCodes.Status422UnprocessableEntity, "execution"),
        QueryTimeoutException => (StatusCodes.Status503ServiceUnavailable, "timeout"),
        OperationCanceledException => (ClientClosedRequest, "canceled"),
        StorageException { IsTransient: true } => (StatusCodes.Status503ServiceUnavailable, "unavailable"),
        StorageException => (StatusCodes.Status500InternalServerError, "internal"),
        _ => null,
    };
}
