using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

[CancelAfter(120_000)]
internal sealed class InferHandlerTests
{
    [TestCase(OnnxType.Bool, "BOOL", "[true,false]")]
    [TestCase(OnnxType.UInt8, "UINT8", "[0,255]")]
    [TestCase(OnnxType.UInt16, "UINT16", "[0,65535]")]
    [TestCase(OnnxType.UInt32, "UINT32", "[0,4294967295]")]
    [TestCase(OnnxType.UInt64, "UINT64", "[9007199254740993,18446744073709551615]")]
    [TestCase(OnnxType.Int8, "INT8", "[-128,127]")]
    [TestCase(OnnxType.Int16, "INT16", "[-32768,32767]")]
    [TestCase(OnnxType.Int32, "INT32", "[-2147483648,2147483647]")]
    [TestCase(OnnxType.Int64, "INT64", "[-9223372036854775808,9223372036854775807]")]
    [TestCase(OnnxType.Float, "FP32", "[0.1,null,-3.4028235E+38]")]
    [TestCase(OnnxType.Double, "FP64", "[0.1,null,-1.7976931348623157E+308]")]
    [TestCase(OnnxType.String, "BYTES", "[\"\",\"gr\u00fc\u00df \\\"dich\\\"\\n\",\"\ud83d\ude00\"]")]
    [TestCase(OnnxType.String, "BYTES", "[\"a\\u0000b\",\"\\u0000\",\"\\ud83d\\ude00\"]")]
    public async Task Elements_of_every_type_come_back_as_they_were_sent(OnnxType type, string datatype, string data, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(type, -1), cancellationToken);
        var count = JsonNode.Parse(data)!.AsArray().Count;

        var (status, body) = await server.InferAsync(
            $$"""{"inputs":[{"name":"x","shape":[{{count}}],"datatype":"{{datatype}}","data":{{data}}}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.OK, body.ToJsonString());
        JsonNode.DeepEquals(body["outputs"]![0]!["data"], JsonNode.Parse(data)).Should().BeTrue(body.ToJsonString());
        body["outputs"]![0]!["datatype"]!.GetValue<string>().Should().Be(datatype);
    }

    [TestCase("[0,2,3]", "[]")]
    [TestCase("[2,0,3]", "[[],[]]")]
    [TestCase("[2,0,3]", "[]")]
    [TestCase("[2,3,0]", "[[[],[],[]],[[],[],[]]]")]
    [TestCase("[0,1000000,1000]", "[]")]
    public async Task A_tensor_without_elements_comes_back_as_it_was_sent(string shape, string data, CancellationToken cancellationToken)
    {
        await using var numbers = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Float, -1, -1, -1), cancellationToken);
        await using var strings = await TestServer.ServeAsync(TestModels.Identity(OnnxType.String, -1, -1, -1), cancellationToken);

        var (status, body) = await numbers.InferAsync($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"FP32","data":{{data}}}]}""", cancellationToken);
        var (other, text) = await strings.InferAsync($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"BYTES","data":{{data}}}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.OK, body.ToJsonString());
        other.Should().Be(HttpStatusCode.OK, text.ToJsonString());
        body["outputs"]![0]!.ToJsonString().Should().Be($$"""{"name":"y","datatype":"FP32","shape":{{shape}},"data":[]}""");
        text["outputs"]![0]!.ToJsonString().Should().Be($$"""{"name":"y","datatype":"BYTES","shape":{{shape}},"data":[]}""");
    }

    [TestCase("[4000000000000000000,4000000000000000000,0]", "[]")]
    [TestCase("[0,9223372036854775807,2]", "[]")]
    [TestCase("[4294967296,4294967296,1]", "[1]")]
    [TestCase("[3037000500,3037000500,3037000500]", "[1]")]
    public async Task Lengths_whose_product_is_beyond_counting_are_refused(string shape, string data, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Float, -1, -1, -1), cancellationToken);

        var (status, body) = await server.InferAsync($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"FP32","data":{{data}}}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.BadRequest);
        body["error"]!.GetValue<string>().Should().Match("Input 'x' (FP32, shape [-1,-1,-1]): the given shape * takes more elements than *");
    }

    [TestCase("5")]
    [TestCase("[5]")]
    public async Task A_scalar_may_be_bare_or_in_brackets(string data, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Int64), cancellationToken);

        var (status, body) = await server.InferAsync($$"""{"inputs":[{"name":"x","shape":[],"datatype":"INT64","data":{{data}}}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.OK, body.ToJsonString());
        body["outputs"]![0]!.ToJsonString().Should().Be("""{"name":"y","datatype":"INT64","shape":[],"data":[5]}""");
    }

    [Test]
    public async Task A_classifier_gives_label_and_probabilities_and_only_what_is_asked_for(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Classifier(), cancellationToken);
        const string Input = """{"name":"x","shape":[2,2],"datatype":"FP32","data":[[0,0],[1,3]]}""";

        var (_, all) = await server.InferAsync($$"""{"inputs":[{{Input}}]}""", cancellationToken);
        var (_, one) = await server.InferAsync($$"""{"inputs":[{{Input}}],"outputs":[{"name":"label"}]}""", cancellationToken);

        all["outputs"]!.AsArray().Select(output => output!["name"]!.GetValue<string>()).Should().Equal("label", "probabilities");
        all["outputs"]![1]!["data"]![0]!.GetValue<float>().Should().Be(0.5f);
        one["outputs"]!.ToJsonString().Should().Be("""[{"name":"label","datatype":"INT64","shape":[2],"data":[0,1]}]""");
    }

    [TestCase("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", "Input 'x' (FP32, shape [-1,3]) must have shape [-1,3], where -1 takes any length, got [1,2].")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP64","data":[1,2,3]}]}""", "Input 'x' (FP32, shape [-1,3]) must have datatype FP32, got 'FP64'.")]
    [TestCase("""{"inputs":[{"name":"z","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "The model has no input 'z'; its inputs are 'x' (FP32, shape [-1,3]).")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2]}]}""", "Input 'x' (FP32, shape [-1,3]): the given shape [1,3] takes 3 elements, data or one of its rows ends after element 2.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3,4]}]}""", "Input 'x' (FP32, shape [-1,3]): the given shape [1,3] takes 3 elements, data holds more.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,NaN,3]}]}""", "Input 'x' (FP32, shape [-1,3]): element 1 must be a number in the range of FP32, or null for NaN, got 'NaN'.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,1e39,3]}]}""", "Input 'x' (FP32, shape [-1,3]): element 1 must be a number in the range of FP32, or null for NaN, got*")]
    [TestCase("""{"inputs":[{"name":"x","shape":[2,3],"datatype":"FP32","data":[[1,2],[3,4],[5,6]]}]}""", "Input 'x' (FP32, shape [-1,3]): the given shape [2,3] takes 6 elements, data or one of its rows ends after element 2.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[99999999,3],"datatype":"FP32","data":[1]}]}""", "Input 'x' (FP32, shape [-1,3]): the given shape [99999999,3] takes more elements than the * that the message can hold.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,-3],"datatype":"FP32","data":[1]}]}""", "Input 'x' (FP32, shape [-1,3]): 'shape' must hold whole numbers*")]
    [TestCase("""{"inputs":[]}""", "'inputs' lacks 'x' (FP32, shape [-1,3]); the model takes 1 inputs.")]
    [TestCase("""{}""", "The request has no 'inputs'; it lacks 'x' (FP32, shape [-1,3])*")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}],"outputs":[{"name":"q"}]}""", "The model has no output 'q'; its outputs are 'y' (FP32, shape [-1,3]).")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]} x""", "The body is not valid JSON: expected nothing more at byte*")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3],"shape":[3,1]}]}""", "Input 'x' (FP32, shape [-1,3]) has 'shape' twice.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3],"name":"x"}]}""", "Input 'x' (FP32, shape [-1,3]) has 'name' twice.")]
    [TestCase("""{"inputs":[{"name":"x","datatype":"FP64","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "Input 'x' (FP32, shape [-1,3]) has 'datatype' twice.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"data":[9,9,9],"datatype":"FP32","data":[1,2,3]}]}""", "Input 'x' (FP32, shape [-1,3]) has 'data' twice.")]
    [TestCase("""{"inputs":[],"inputs":[]}""", "The request has 'inputs' twice.")]
    [TestCase("""{"id":"1","id":"2","inputs":[]}""", "The request has 'id' twice.")]
    [TestCase("""{"outputs":[{"name":"y"}],"outputs":[],"inputs":[]}""", "The request has 'outputs' twice.")]
    [TestCase("""{"outputs":[{"name":"y","name":"y"}],"inputs":[]}""", "An entry of 'outputs' has 'name' twice.")]
    [TestCase("""nonsense""", "The body is not valid JSON: expected '{'*")]
    [TestCase("", "The body is not valid JSON: it ends*")]
    public async Task A_bad_request_is_told_what_was_expected_and_what_came(string json, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var (status, body) = await server.InferAsync(json, cancellationToken);

        status.Should().Be(HttpStatusCode.BadRequest);
        body["error"]!.GetValue<string>().Should().Match(message);
    }

    [Test]
    public async Task An_input_that_the_model_refuses_is_the_senders_fault(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Gather(), cancellationToken);

        var (status, body) = await server.InferAsync("""{"inputs":[{"name":"index","shape":[1],"datatype":"INT64","data":[10]}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.BadRequest);
        body["error"]!.GetValue<string>().Should().StartWith("Model 'm' refused its input:").And.NotContain(".cc");
    }

    [Test]
    public async Task NaN_is_answered_as_null_and_infinity_as_an_error(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Logarithm(), cancellationToken);

        var (_, nan) = await server.InferAsync("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[-1,1]}]}""", cancellationToken);
        var (status, infinite) = await server.InferAsync("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[0]}]}""", cancellationToken);

        nan["outputs"]![0]!["data"]!.ToJsonString().Should().Be("[null,0]");
        status.Should().Be(HttpStatusCode.InternalServerError);
        infinite["error"]!.GetValue<string>().Should().StartWith("Output 'y' (FP32, shape [-1]) holds -Infinity at element 0").And.Contain("'binary_data'");
    }

    [TestCase("1.0", "1")]
    [TestCase("-0.0", "0")]
    [TestCase("1e3", "1000")]
    [TestCase("2.50E+2", "250")]
    [TestCase("12000e-3", "12")]
    [TestCase("9223372036854775807.000", "9223372036854775807")]
    [TestCase("-9.223372036854775808e18", "-9223372036854775808")]
    [TestCase("0e999999999", "0")]
    public async Task A_whole_number_may_be_written_with_a_fraction_or_an_exponent(string sent, string read, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Int64, -1), cancellationToken);

        var (status, body) = await server.InferAsync(
            $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"INT64","data":[{{sent}}]}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.OK, body.ToJsonString());
        body["outputs"]![0]!["data"]![0]!.ToJsonString().Should().Be(read);
    }

    [TestCase("1.5")]
    [TestCase("1e-1")]
    [TestCase("1e19")]
    [TestCase("9223372036854775808")]
    [TestCase("9223372036854775807.5")]
    [TestCase("-9223372036854775809.0")]
    [TestCase("1.00000000000000000000000000001")]
    [TestCase("\"1\"")]
    [TestCase("true")]
    [TestCase("null")]
    [TestCase("Infinity")]
    public async Task What_is_no_whole_number_of_the_datatype_is_refused(string sent, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Int64, -1), cancellationToken);

        var (status, body) = await server.InferAsync(
            $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"INT64","data":[{{sent}}]}]}""", cancellationToken);

        status.Should().Be(HttpStatusCode.BadRequest);
        body["error"]!.GetValue<string>().Should().StartWith(
            "Input 'x' (INT64, shape [-1]): element 0 must be a whole number from -9223372036854775808 to 9223372036854775807, got ");
    }

    [TestCase("\"\"")]
    [TestCase("\"a\\u0041\\n\u00fc\"")]
    public async Task The_id_is_given_back_as_it_was_sent(string id, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var reply = await server.PostAsync(
            "/v2/models/m/infer",
            $$"""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}],"id":{{id}}}""",
            cancellationToken);

        reply.Text.Should().StartWith($$"""{"model_name":"m","model_version":"1","id":{{id}},""");
    }

    [Test]
    public async Task A_body_over_the_limit_is_refused(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken, settings => settings with { MaxBodyBytes = 1000 });
        using var chunked = new StreamContent(new MemoryStream(new byte[5_000_000]));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/infer") { Content = chunked };
        request.Headers.TransferEncodingChunked = true;

        var (status, body) = await server.InferAsync(new string(' ', 1001), cancellationToken);
        using var other = await server.Http.SendAsync(request, cancellationToken);

        status.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        body["error"]!.GetValue<string>().Should().StartWith("The body is larger than 1000 bytes");
        other.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Test]
    public async Task A_run_that_outlasts_the_deadline_is_ended(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.ServeAsync(TestModels.Counting(), cancellationToken, clock: clock);

        var endless = server.InferAsync(TestServer.Count(long.MaxValue), cancellationToken);
        await server.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(30));
                return endless.IsCompleted;
            },
            cancellationToken);
        var (status, body) = await endless;
        var (next, counted) = await server.InferAsync(TestServer.Count(3), cancellationToken);

        status.Should().Be(HttpStatusCode.GatewayTimeout);
        body["error"]!.GetValue<string>().Should().Be("The request took longer than 30 s, the most that this server allows.");
        next.Should().Be(HttpStatusCode.OK);
        counted["outputs"]![0]!["data"]!.ToJsonString().Should().Be("[3]");
    }
}
