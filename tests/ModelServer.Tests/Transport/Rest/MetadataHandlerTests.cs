using System.Net;
using System.Text;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

[CancelAfter(120_000)]
internal sealed class MetadataHandlerTests
{
    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Serve() => _server = await TestServer.ServeAsync(TestModels.Classifier(), CancellationToken.None);

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("/", """{"status":"alive"}""")]
    [TestCase("/v2", """{"name":"slipway","version":"0.1.0","extensions":["binary_tensor_data","model_configuration","model_repository(index)","statistics"]}""")]
    [TestCase("/v2/", """{"name":"slipway","version":"0.1.0","extensions":["binary_tensor_data","model_configuration","model_repository(index)","statistics"]}""")]
    [TestCase("/v2/health/live", """{"live":true}""")]
    [TestCase("/v2/health/ready", """{"ready":true}""")]
    [TestCase("/v2/models", """{"models":["m"]}""")]
    [TestCase("/v1/models", """{"models":["m"]}""")]
    [TestCase("/v1/models/m", """{"name":"m","ready":true}""")]
    [TestCase("/v2/models/m/ready", """{"name":"m","ready":true}""")]
    [TestCase("/v2/models/m/versions/1/ready", """{"name":"m","ready":true}""")]
    [TestCase("/v2/models/m/versions/1", """{"name":"m","versions":["1"],"platform":"onnx_onnxv1","inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}],"outputs":[{"name":"label","datatype":"INT64","shape":[-1]},{"name":"probabilities","datatype":"FP32","shape":[-1,2]}]}""")]
    [TestCase("/v2/models/m/config", """{"name":"m","platform":"onnxruntime_onnx","backend":"onnxruntime","max_batch_size":0,"input":[{"name":"x","data_type":"TYPE_FP32","dims":[-1,2]}],"output":[{"name":"label","data_type":"TYPE_INT64","dims":[-1]},{"name":"probabilities","data_type":"TYPE_FP32","dims":[-1,2]}],"instance_group":[{"count":*,"kind":"KIND_CPU"}]}""")]
    public async Task A_read_tells_what_is_there_and_HEAD_tells_its_length(string path, string body, CancellationToken cancellationToken)
    {
        var read = await _server.GetAsync(path, cancellationToken);
        var head = await _server.SendAsync(HttpMethod.Head, path, null, [], cancellationToken);

        read.Status.Should().Be(HttpStatusCode.OK);
        read.Text.Should().Match(body);
        read.ContentHeaders.ContentType!.MediaType.Should().Be("application/json");
        head.Status.Should().Be(HttpStatusCode.OK);
        head.Body.Should().BeEmpty();
        head.ContentHeaders.ContentLength.Should().Be(read.Body.Length);
    }

    [TestCase("/", "GET, HEAD", "POST", "DELETE", "OPTIONS")]
    [TestCase("/v2", "GET, HEAD", "POST", "PUT")]
    [TestCase("/v2/health/live", "GET, HEAD", "POST")]
    [TestCase("/v2/health/ready", "GET, HEAD", "POST")]
    [TestCase("/v2/models", "GET, HEAD", "POST")]
    [TestCase("/v2/models/m", "GET, HEAD", "POST", "PATCH")]
    [TestCase("/v2/models/m/ready", "GET, HEAD", "POST")]
    [TestCase("/v2/models/m/config", "GET, HEAD", "POST")]
    [TestCase("/v2/models/m/stats", "GET, HEAD", "POST")]
    [TestCase("/v2/models/stats", "GET, HEAD", "POST")]
    [TestCase("/v2/models/m/infer", "POST", "GET", "HEAD", "PUT")]
    [TestCase("/v2/models/m/versions/1/infer", "POST", "GET")]
    [TestCase("/v2/repository/index", "POST", "GET")]
    [TestCase("/v2/repository/models/m/load", "POST", "GET")]
    [TestCase("/v1/models", "GET, HEAD", "POST")]
    [TestCase("/v1/models/m", "GET, HEAD", "POST")]
    [TestCase("/v1/models/m:predict", "POST", "GET")]
    public async Task A_wrong_method_is_told_the_right_ones(string path, string allowed, params string[] methods)
    {
        foreach (var method in methods)
        {
            var reply = await _server.SendAsync(new HttpMethod(method), path, null, [], CancellationToken.None);

            reply.Status.Should().Be(HttpStatusCode.MethodNotAllowed, method);
            reply.ContentHeaders.Allow.Should().Equal(allowed.Split(", "), method);
        }
    }

    [TestCase("/v2/models/other", "There is no model 'other' here; this server serves 'm'.")]
    [TestCase("/v2/models/other/ready", "There is no model 'other' here; this server serves 'm'.")]
    [TestCase("/v2/models/other/stats", "There is no model 'other' here; this server serves 'm'.")]
    [TestCase("/v1/models/other", "There is no model 'other' here; this server serves 'm'.")]
    [TestCase("/v2/models/m/versions/9", "Model 'm' has no version '9' here; this server serves version '1'.")]
    [TestCase("/v2/models/m/versions/9/config", "Model 'm' has no version '9' here; this server serves version '1'.")]
    [TestCase("/v3", "There is nothing at '/v3'; the protocol's paths begin with /v2, those of V1 with /v1/models.")]
    public async Task What_is_not_there_is_404(string path, string error, CancellationToken cancellationToken)
    {
        var reply = await _server.GetAsync(path, cancellationToken);

        (reply.Status, reply.Error).Should().Be((HttpStatusCode.NotFound, error));
    }

    [TestCase("", """[{"name":"m","version":"1","state":"READY","reason":""}]""")]
    [TestCase("{}", """[{"name":"m","version":"1","state":"READY","reason":""}]""")]
    [TestCase("""{"ready":true}""", """[{"name":"m","version":"1","state":"READY","reason":""}]""")]
    public async Task The_index_lists_the_versions(string request, string index, CancellationToken cancellationToken)
    {
        var reply = await _server.PostAsync("/v2/repository/index", request, cancellationToken);

        (reply.Status, reply.Text).Should().Be((HttpStatusCode.OK, index));
    }

    [TestCase("[]", HttpStatusCode.BadRequest)]
    [TestCase("""{"ready":1}""", HttpStatusCode.BadRequest)]
    [TestCase("{", HttpStatusCode.BadRequest)]
    public async Task A_bad_request_for_the_index_is_told_so(string request, HttpStatusCode status, CancellationToken cancellationToken)
    {
        var reply = await _server.PostAsync("/v2/repository/index", request, cancellationToken);
        var large = await _server.SendAsync(HttpMethod.Post, "/v2/repository/index", Encoding.ASCII.GetBytes(new string(' ', 5000)), [], cancellationToken);

        reply.Status.Should().Be(status);
        reply.Error.Should().Be("The body must be empty or a JSON object such as {\"ready\":true}.");
        large.Status.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Test]
    public async Task Loading_is_refused_with_the_place_where_it_is_done(CancellationToken cancellationToken)
    {
        var reply = await _server.PostAsync("/v2/repository/models/m/unload", "{}", cancellationToken);

        reply.Status.Should().Be(HttpStatusCode.NotFound);
        reply.Error.Should().Contain("the management port");
    }

    [Test]
    public async Task Before_the_model_is_loaded_the_server_is_alive_and_nothing_is_ready(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder();
        await using var server = await TestServer.StartAsync(TestServer.Settings(folder), cancellationToken);
        string[] unready = ["/v2/health/ready", "/v2/models/m/ready", "/v1/models/m", "/v2/models/m", "/v2/models/m/config"];

        (await server.GetAsync("/", cancellationToken)).Status.Should().Be(HttpStatusCode.OK);
        (await server.GetAsync("/v2/health/live", cancellationToken)).Status.Should().Be(HttpStatusCode.OK);
        (await server.GetAsync("/v2/models/m/stats", cancellationToken)).Text.Should().Be("""{"model_stats":[]}""");
        foreach (var path in unready)
        {
            (await server.GetAsync(path, cancellationToken)).Status.Should().Be(HttpStatusCode.ServiceUnavailable, path);
        }

        var infer = await server.PostAsync("/v2/models/m/infer", "{}", cancellationToken);
        (infer.Status, infer.Error).Should().Be((HttpStatusCode.ServiceUnavailable, "Model 'm' is not loaded; try again later."));
        (await server.PostAsync("/v1/models/m:predict", "{}", cancellationToken)).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
    }
}
