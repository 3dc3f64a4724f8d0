using System.Net;
using System.Text.Json;
using HostAgent.TestSupport;
using HostAgent.TestSupport.Processes;

namespace HostAgent.Aggregator.Tests.Api;

/// <summary>The API of Prometheus, asked over HTTP and by the promtool of the distribution.</summary>
[Collection(AggregatorCollection.Name)]
public sealed class PrometheusApiTests(RunningAggregator aggregator)
{
    private const string Now = "1767225600"; // the aggregator's clock stands at 2026-01-01T00:00:00Z

    [Theory]
    [InlineData("query=host_load1&time=1767225599", """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"host_load1","host":"web1","instance":"11111111111111111111111111111111"},"value":[1767225599,"0.9"]},{"metric":{"__name__":"host_load1","host":"web2","instance":"22222222222222222222222222222222"},"value":[1767225599,"0.9"]}]}}""")]
    [InlineData("query=sum(host_load1)&time=2026-01-01T00:00:00.5Z", """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1767225600.500,"1.8"]}]}}""")]
    [InlineData("query=1e21%2B0&time=1", """{"status":"success","data":{"resultType":"scalar","result":[1,"1e+21"]}}""")]
    [InlineData("query=1e-7&time=1", """{"status":"success","data":{"resultType":"scalar","result":[1,"1e-07"]}}""")]
    [InlineData("query=-1/0&time=1", """{"status":"success","data":{"resultType":"scalar","result":[1,"-Inf"]}}""")]
    [InlineData("query='a\"%C3%A4'&time=1", """{"status":"success","data":{"resultType":"string","result":[1,"a\"ä"]}}""")]
    [InlineData("query=ended&time=1767225600", """{"status":"success","data":{"resultType":"vector","result":[]}}""")]
    [InlineData("query=odd_values[2s]&time=1767225599", """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"odd_values","host":"web1","instance":"11111111111111111111111111111111"},"values":[[1767225598,"-Inf"],[1767225599,"1e-300"]]}]}}""")]
    public async Task An_instant_query_is_answered_as_Prometheus_does(string parameters, string expected)
    {
        Answer answer = await Answer.GetAsync(aggregator, "/api/v1/query?" + parameters);
        Assert.Equal(expected, answer.Body);
        Assert.Equal("application/json", answer.MediaType);
        using var form = new StringContent(parameters, null, "application/x-www-form-urlencoded");
        using HttpResponseMessage posted = await aggregator.Http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), form);
        Assert.Equal(expected, await posted.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_query_without_time_is_about_now()
        => Assert.Equal(1767225600, (await Answer.OkAsync(aggregator, "/api/v1/query?query=time()")).GetProperty("data").GetProperty("result")[0].GetInt64());

    [Fact]
    public async Task A_range_query_has_one_point_per_step()
    {
        JsonElement series = (await Answer.OkAsync(
            aggregator, "/api/v1/query_range?query=avg(host_load1)&start=1767225591&end=1767225597&step=2s")).GetProperty("data").GetProperty("result")[0];
        Assert.Equal("""[[1767225591,"0.1"],[1767225593,"0.3"],[1767225595,"0.5"],[1767225597,"0.7"]]""", series.GetProperty("values").GetRawText());
    }

    [Theory]
    [InlineData("/api/v1/query?query=up{", 400, "bad_data", "invalid parameter \"query\": 1:4: parse error: unexpected end of input inside braces")]
    [InlineData("/api/v1/query", 400, "bad_data", "invalid parameter \"query\": unknown position: parse error: no expression found in input")]
    [InlineData("/api/v1/query?query=1&time=x", 400, "bad_data", "invalid parameter \"time\": cannot parse \"x\" to a valid timestamp")]
    [InlineData("/api/v1/query_range?query=1&start=1&end=2", 400, "bad_data", "invalid parameter \"step\": cannot parse \"\" to a valid duration")]
    [InlineData("/api/v1/query_range?query=1&start=1&end=2&step=0", 400, "bad_data", "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer")]
    [InlineData("/api/v1/query_range?query=1&start=3&end=2&step=1", 400, "bad_data", "invalid parameter \"end\": end timestamp must not be before start time")]
    [InlineData("/api/v1/query_range?query=1&start=0&end=11000&step=1", 400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")]
    [InlineData("/api/v1/query_range?query=host_load1[5m]&start=0&end=1&step=1", 400, "bad_data", "invalid parameter \"query\": invalid expression type \"range vector\" for range query, must be Scalar or instant Vector")]
    [InlineData("/api/v1/query?query=topk(NaN,host_load1)&time=" + Now, 422, "execution", "Parameter value is NaN")]
    [InlineData("/api/v1/series", 400, "bad_data", "no match[] parameter provided")]
    [InlineData("/api/v1/series?match[]={}", 400, "bad_data", "invalid parameter \"match[]\": 1:1: parse error: vector selector must contain at least one non-empty matcher")]
    public async Task An_error_has_the_status_type_and_wording_of_Prometheus(string path, int status, string type, string error)
    {
        Answer answer = await Answer.GetAsync(aggregator, path);
        Assert.Equal((HttpStatusCode)status, answer.Status);
        Assert.Equal("error", answer.Json.GetProperty("status").GetString());
        Assert.Equal(type, answer.Json.GetProperty("errorType").GetString());
        Assert.Equal(error, answer.Json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("/api/v1/series?match[]=host_load1&match[]={host=\"web1\",__name__=~\"host_load1|ended\"}", 3)]
    [InlineData("/api/v1/series?match[]=host_load1&limit=1", 1)]
    [InlineData("/api/v1/series?match[]=host_load1&end=1000", 0)]
    [InlineData("/api/v1/labels", 6)]
    [InlineData("/api/v1/labels?match[]=host_load1", 3)]
    [InlineData("/api/v1/label/mode/values", 2)]
    [InlineData("/api/v1/label/__name__/values?match[]={device=\"lo\"}", 1)]
    [InlineData("/api/v1/label/nolabel/values", 0)]
    public async Task Series_labels_and_their_values_are_listed(string path, int count)
        => Assert.Equal(count, (await Answer.OkAsync(aggregator, path)).GetProperty("data").GetArrayLength());

    [Fact]
    public async Task Metadata_and_build_are_told()
    {
        JsonElement metadata = (await Answer.OkAsync(aggregator, "/api/v1/metadata?metric=host_load1")).GetProperty("data");
        Assert.Equal("""{"host_load1":[{"type":"gauge","help":"Load average over one minute.","unit":""}]}""", metadata.GetRawText());
        JsonElement build = (await Answer.OkAsync(aggregator, "/api/v1/status/buildinfo")).GetProperty("data");
        Assert.Equal("3.0.0", build.GetProperty("version").GetString());
        Assert.Equal("HostAgent", build.GetProperty("application").GetString());
    }

    [Fact]
    public async Task Promtool_reads_our_answers()
    {
        Assert.Equal(
            """
            {host="web1"} => 0.9 @[1767225600]
            {host="web2"} => 0.9 @[1767225600]
            """.Trim(),
            await PromtoolAsync("query", "instant", "--time=" + Now, Url, "sum by (host) (host_load1)"));
        Assert.Equal(
            """
            {} =>
            1.6 @[1767225598]
            1.8 @[1767225599]
            """.Trim(),
            await PromtoolAsync("query", "range", "--start=1767225598", "--end=1767225599", "--step=1s", Url, "sum(host_load1)"));
        Assert.Equal(
            "{__name__=\"ended\", host=\"web1\", instance=\"11111111111111111111111111111111\"}",
            await PromtoolAsync("query", "series", "--match=ended", "--start=1767225000", "--end=" + Now, Url));
        Assert.Equal("idle\niowait", await PromtoolAsync("query", "labels", "--start=1767225000", "--end=" + Now, Url, "mode"));
    }

    private string Url => aggregator.Url.ToString().TrimEnd('/');

    private static async Task<string> PromtoolAsync(params string[] arguments)
    {
        using var directory = new TempDirectory("promtool");
        await using ChildProcess promtool = ChildProcess.Start("promtool", ["promtool", .. arguments], directory.File("log"));
        Assert.True(await promtool.WaitAsync(TimeSpan.FromSeconds(20)) == 0, promtool.Output);
        return promtool.Output.Trim();
    }
}
