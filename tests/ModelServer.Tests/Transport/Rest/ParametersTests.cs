using System.Net;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>What a request asks for beside its tensors.</summary>
[CancelAfter(120_000)]
internal sealed class ParametersTests
{
    [TestCase("""{"name":"x","parameters":{"content_type":"base64"},"shape":[3],"datatype":"BYTES","data":["","/w==","YQBi"]}""")]
    [TestCase("""{"name":"x","shape":[3],"datatype":"BYTES","data":["","/w==","YQBi"],"parameters":{"content_type":"base64"}}""")]
    [TestCase("""{"data":["","\/w==","YQBi"],"parameters":{"note":1,"content_type":"base64"},"shape":[3],"name":"x","datatype":"BYTES"}""")]
    public async Task Bytes_may_be_sent_and_asked_for_as_base64(string input, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.String, -1), cancellationToken);

        var (status, body) = await server.InferAsync(
            $$$"""{"inputs":[{{{input}}}],"outputs":[{"name":"y","parameters":{"content_type":"base64"}}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.OK, body.ToJsonString());
        body["outputs"]![0]!.ToJsonString().Should().Be(
            """{"name":"y","datatype":"BYTES","shape":[3],"parameters":{"content_type":"base64"},"data":["","/w==","YQBi"]}""");
    }

    [Test]
    public async Task Bytes_that_are_no_text_are_answered_in_other_forms_only(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.String, -1), cancellationToken);
        const string Input = """{"name":"x","parameters":{"content_type":"base64"},"shape":[1],"datatype":"BYTES","data":["/w=="]}""";

        var (status, body) = await server.InferAsync($$"""{"inputs":[{{Input}}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.InternalServerError);
        body["error"]!.GetValue<string>().Should().Contain("'binary_data'").And.Contain("'content_type': 'base64'");
    }

    [TestCase("""{"name":"x","parameters":{"content_type":"base64"},"shape":[1],"datatype":"BYTES","data":["/w="]}""", "*: element 0 must be a string of base64, got *")]
    [TestCase("""{"name":"x","parameters":{"content_type":"base64"},"shape":[1],"datatype":"BYTES","data":["hé"]}""", "*: element 0 must be a string of base64, got *")]
    [TestCase("""{"name":"x","parameters":{"content_type":64},"shape":[1],"datatype":"BYTES","data":["/w="]}""", "Parameter 'content_type' of input 'x' (BYTES, shape [-1]) must be a string.")]
    [TestCase("""{"name":"x","parameters":{"a":[1]},"shape":[1],"datatype":"BYTES","data":["/w="]}""", "Parameter 'a' of input 'x' (BYTES, shape [-1]) must be a string, a number, true or false.")]
    [TestCase("""{"name":"x","parameters":[],"shape":[1],"datatype":"BYTES","data":["/w="]}""", "'parameters' of input 'x' (BYTES, shape [-1]) must be an object.")]
    public async Task Parameters_of_an_input_are_checked(string input, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.String, -1), cancellationToken);

        var (status, body) = await server.InferAsync($$"""{"inputs":[{{input}}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.BadRequest);
        body["error"]!.GetValue<string>().Should().Match(message);
    }

    [TestCase("""{"timeout":"1s"}""", "Parameter 'timeout' of the request must be a whole number from 0*")]
    [TestCase("""{"timeout":-1}""", "Parameter 'timeout' of the request must be a whole number from 0*")]
    [TestCase("""{"timeout":1.5}""", "Parameter 'timeout' of the request must be a whole number from 0*")]
    [TestCase("""{"sequence_id":{}}""", "Parameter 'sequence_id' of the request must be a string, a number, true or false.")]
    [TestCase("""7""", "'parameters' of the request must be an object.")]
    public async Task Parameters_of_a_request_are_checked(string parameters, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var (status, body) = await server.InferAsync(
            $$"""{"parameters":{{parameters}},"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.BadRequest);
        body["error"]!.GetValue<string>().Should().Match(message);
    }

    [TestCase("1", HttpStatusCode.GatewayTimeout)]
    [TestCase("0", HttpStatusCode.OK, Description = "says nothing, as with Triton")]
    [TestCase("null", HttpStatusCode.OK)]
    [TestCase("9223372036854775807", HttpStatusCode.OK)]
    public async Task A_request_may_set_a_deadline_of_its_own_in_microseconds(string timeout, HttpStatusCode status, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var (answered, body) = await server.InferAsync(
            $$$"""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}],"parameters":{"timeout":{{{timeout}}}}}""", cancellationToken);

        answered.Should().Be(status, body.ToJsonString());
    }
}
