using HostAgent.Aggregator.Query;
using Microsoft.Extensions.Primitives;

namespace HostAgent.Aggregator.Api.Http.Prometheus;

/// <summary>Parameters of a request, from the address and, for POST, from the form. Errors are worded as Prometheus words them.</summary>
internal sealed class PrometheusParameters
{
    private readonly IQueryCollection _query;
    private readonly IFormCollection? _form;

    private PrometheusParameters(IQueryCollection query, IFormCollection? form) => (_query, _form) = (query, form);

    /// <summary>Reads the form, if there is one.</summary>
    public static async Task<PrometheusParameters> ReadAsync(HttpRequest request) => new(
        request.Query,
        HttpMethods.IsPost(request.Method) && request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : null);

    /// <summary>The error for a parameter that is not as it should be.</summary>
    public static BadHttpRequestException Bad(string name, string problem) => new($"invalid parameter \"{name}\": {problem}");

    /// <summary>All values of a parameter.</summary>
    public IReadOnlyList<string> All(string name)
    {
        StringValues values = StringValues.Concat(_form is null ? default : _form[name], _query[name]);
        return [.. values.Where(static value => !string.IsNullOrEmpty(value)).Select(static value => value!)];
    }

    /// <summary>The value of a parameter, or null.</summary>
    public string? Optional(string name) => All(name) is [string first, ..] ? first : null;

    /// <summary>The value of a parameter that must be there; "" when it is not, which no parser of it accepts.</summary>
    public string Required(string name) => Optional(name) ?? "";

    /// <summary>An instant in unix milliseconds, or null.</summary>
    public long? Time(string name) => Optional(name) is null ? null : RequiredTime(name);

    /// <summary>An instant in unix milliseconds.</summary>
    public long RequiredTime(string name)
    {
        string text = Required(name);
        return TimeText.TryParseMs(text, 0, out long unixMs) ? unixMs : throw Bad(name, $"cannot parse \"{text}\" to a valid timestamp");
    }

    /// <summary>A duration in milliseconds, at least 1.</summary>
    public long Step(string name)
    {
        string text = Required(name);
        if (!DurationText.TryParseMs(text, out long ms))
        {
            throw Bad(name, $"cannot parse \"{text}\" to a valid duration");
        }

        return ms > 0 ? ms : throw Bad(name, "zero or negative query resolution step widths are not accepted. Try a positive integer");
    }

    /// <summary>The parameter limit; without it, or when it is 0, there is none.</summary>
    public int Limit()
    {
        string? text = Optional("limit");
        return text is null or "0" ? int.MaxValue
            : int.TryParse(text, System.Globalization.NumberStyles.None, null, out int limit) ? limit : throw Bad("limit", $"cannot parse \"{text}\" to a number");
    }
}
