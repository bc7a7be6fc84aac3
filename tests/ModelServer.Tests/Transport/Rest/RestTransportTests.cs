using System.Net;
using System.Text.Json.Nodes;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

[CancelAfter(60_000)]
internal sealed class RestTransportTests
{
    [Test]
    public async Task A_model_answers_what_it_computes(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var (status, body) = await server.InferAsync(
            """{"id":"a1","inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[1,2.5,-3,0,1e2,0.1]}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.OK);
        body.ToJsonString().Should().Be(
            """{"model_name":"m","model_version":"1","id":"a1","outputs":[{"name":"y","datatype":"FP32","shape":[2,3],"data":[2,5,-6,0,200,0.2]}]}""");
    }

    [TestCase("""{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[[1,2,3],[4,5,6]]}]}""", Description = "nested")]
    [TestCase("""{"inputs":[{"data":[1,2,3,4,5,6],"datatype":"FP32","shape":[2,3],"name":"x"}]}""", Description = "data first")]
    [TestCase(""" {"x":{"a":[1,{"b":null}]},"parameters":{"timeout":1},"outputs":[],"inputs":[{"parameters":{},"name":"\u0078","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6]}]} """, Description = "unknown fields")]
    public async Task A_request_may_be_written_in_several_ways(string json, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var (status, body) = await server.InferAsync(json, cancellationToken);

        status.Should().Be(HttpStatusCode.OK, body.ToJsonString());
        body["outputs"]![0]!["data"]!.ToJsonString().Should().Be("[2,4,6,8,10,12]");
    }

    [TestCase("POST", "/v2/models/other/infer", "There is no model 'other' here; this server serves 'm'.")]
    [TestCase("GET", "/v2/models/other", "There is no model 'other' here; this server serves 'm'.")]
    [TestCase("GET", "/v2/models/other/ready", "There is no model 'other' here; this server serves 'm'.")]
    [TestCase("POST", "/v2/models/m/versions/9/infer", "Model 'm' has no version '9' here; this server serves version '1'.")]
    [TestCase("GET", "/v2/models/m/versions/9", "Model 'm' has no version '9' here; this server serves version '1'.")]
    [TestCase("GET", "/v2/models/m/versions/9/ready", "Model 'm' has no version '9' here; this server serves version '1'.")]
    [TestCase("POST", "/v2/models/m/versions//infer", "There is nothing at '/v2/models/m/versions//infer'; the protocol's paths begin with /v2.")]
    [TestCase("GET", "/v2/models/", "There is nothing at '/v2/models/'*")]
    [TestCase("GET", "/v2/models/m/explain", "There is nothing at '/v2/models/m/explain'*")]
    [TestCase("GET", "/", "There is nothing at '/'; the protocol's paths begin with /v2.")]
    public async Task What_is_not_here_is_not_found(string method, string path, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await server.Http.SendAsync(request, cancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!;
        body["error"]!.GetValue<string>().Should().Match(message);
    }

    [TestCase("GET", "/v2/models/m/infer", false, "POST")]
    [TestCase("DELETE", "/v2/models/m/versions/1/infer", false, "POST")]
    [TestCase("POST", "/v2/health/live", false, "GET", "HEAD")]
    [TestCase("PUT", "/v2/models/m", false, "GET", "HEAD")]
    [TestCase("POST", "/status", true, "GET", "HEAD")]
    public async Task A_method_that_a_path_does_not_take_is_answered_with_those_that_it_takes(
        string method, string path, bool management, params string[] allowed)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var server = await TestServer.ServeAsync(TestModels.Double(), limit.Token);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await (management ? server.Management : server.Http).SendAsync(request, limit.Token);

        answer.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.Should().Equal(allowed);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(limit.Token))!["error"]!.GetValue<string>().Should().Be($"This path takes {string.Join(", ", allowed)} only.");
    }

    [Test]
    public async Task Nothing_is_ready_before_the_model_is_loaded_and_warm(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Endless());
        await using var server = await TestServer.StartAsync(TestServer.Settings(folder), cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = server.Host.LoadAsync(stop.Token);
        await server.UntilAsync(() => Directory.Exists(Path.Combine(folder.Cache, "versions")), cancellationToken);

        string[] gets = ["/v2/health/live", "/v2/health/ready", "/v2/models/m/ready", "/v2/models/m"];
        var answers = await Task.WhenAll(gets.Select(path => server.Http.GetAsync(path, cancellationToken)));
        var (infer, error) = await server.InferAsync(TestServer.Count(1), cancellationToken);
        await stop.CancelAsync();

        await load.Invoking(ended => ended).Should().ThrowAsync<OperationCanceledException>("a warm-up without end is ended too");
        answers.Select(answer => (int)answer.StatusCode).Should().Equal(200, 503, 503, 503);
        infer.Should().Be(HttpStatusCode.ServiceUnavailable);
        error["error"]!.GetValue<string>().Should().Be("Model 'm' version '1' is not loaded yet; try again later.");
    }
}
