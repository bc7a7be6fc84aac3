using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>The binary extension, both ways.</summary>
[CancelAfter(120_000)]
internal sealed class BinaryTensorTests
{
    [TestCase(OnnxType.Bool, "BOOL", "000100")]
    [TestCase(OnnxType.UInt8, "UINT8", "00ff")]
    [TestCase(OnnxType.Int16, "INT16", "0080ff7f")]
    [TestCase(OnnxType.Int64, "INT64", "0000000000000080ffffffffffffff7f")]
    [TestCase(OnnxType.UInt64, "UINT64", "ffffffffffffffff")]
    [TestCase(OnnxType.Float16, "FP16", "003c00c0007c")]
    [TestCase(OnnxType.BFloat16, "BF16", "803f00c0807f")]
    [TestCase(OnnxType.Float, "FP32", "0000803f0000807f0000c07f")]
    [TestCase(OnnxType.Double, "FP64", "000000000000f03f000000000000f07f")]
    [TestCase(OnnxType.String, "BYTES", "00000000" + "02000000c3bc" + "0300000000ff41")]
    public async Task Elements_of_every_type_come_back_as_they_were_sent(OnnxType type, string datatype, string hex, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(type, -1), cancellationToken);
        var data = Convert.FromHexString(hex);
        var count = type == OnnxType.String ? 3 : data.Length / Size(datatype);

        var reply = await server.PostBinaryAsync(
            $$$"""{"id":"7","inputs":[{"name":"x","shape":[{{{count}}}],"datatype":"{{{datatype}}}","parameters":{"binary_data_size":{{{data.Length}}}}}],"outputs":[{"name":"y","parameters":{"binary_data":true}}]}""",
            data,
            cancellationToken);

        reply.Status.Should().Be(HttpStatusCode.OK, reply.Text);
        var (json, tensors) = Cut(reply);
        json.ToJsonString().Should().Be(
            $$$"""{"model_name":"m","model_version":"1","id":"7","outputs":[{"name":"y","datatype":"{{{datatype}}}","shape":[{{{count}}}],"parameters":{"binary_data_size":{{{data.Length}}}}}]}""");
        tensors.Should().Equal(data);
        reply.ContentHeaders.ContentType!.MediaType.Should().Be("application/octet-stream");
    }

    [Test]
    public async Task JSON_and_binary_inputs_may_be_mixed_and_binary_ones_stand_in_the_order_of_inputs(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Sum(), cancellationToken);
        const string Json = """{"name":"a","shape":[1,2],"datatype":"FP32","data":[1,2]}""";
        const string First = """{"parameters":{"binary_data_size":8},"datatype":"FP32","shape":[1,2],"name":"b"}""";
        const string Second = """{"name":"a","datatype":"FP32","shape":[1,2],"parameters":{"binary_data_size":8,"note":"x"}}""";

        var mixed = await server.PostBinaryAsync($$"""{"inputs":[{{Json}},{{First}}]}""", Floats(10, 20), cancellationToken);
        var both = await server.PostBinaryAsync($$"""{"inputs":[{{First}},{{Second}}]}""", Floats(10, 20, 1, 2), cancellationToken);

        mixed.Json["outputs"]![0]!["data"]!.ToJsonString().Should().Be("[11,22]", mixed.Text);
        both.Json["outputs"]![0]!["data"]!.ToJsonString().Should().Be("[11,22]", both.Text);
        mixed.Headers.Contains(RestCalls.BinaryHeader).Should().BeFalse();
    }

    [TestCase("""{"binary_data_output":true}""", """{"name":"label"}""", """{"name":"probabilities"}""", "label,probabilities")]
    [TestCase("""{"binary_data_output":true}""", """{"name":"label","parameters":{"binary_data":false}}""", """{"name":"probabilities"}""", "probabilities")]
    [TestCase("""{"binary_data_output":false}""", """{"name":"label","parameters":{"binary_data":true}}""", """{"name":"probabilities"}""", "label")]
    [TestCase("""{}""", """{"parameters":{"binary_data":true},"name":"label"}""", """{"name":"probabilities","parameters":{"binary_data":null}}""", "label")]
    public async Task An_output_says_for_itself_how_it_is_wanted(
        string parameters, string first, string second, string binary, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Classifier(), cancellationToken);
        const string Input = """{"name":"x","shape":[1,2],"datatype":"FP32","data":[0,0]}""";

        var reply = await server.PostAsync(
            "/v2/models/m/infer", $$"""{"outputs":[{{first}},{{second}}],"inputs":[{{Input}}],"parameters":{{parameters}}}""", cancellationToken);

        var (json, tensors) = Cut(reply);
        var wanted = binary.Split(',');
        json["outputs"]!.AsArray().Where(output => output!["data"] is null).Select(output => output!["name"]!.GetValue<string>()).Should().Equal(wanted);
        tensors.Should().HaveCount(8 * wanted.Length);
        tensors.Should().EndWith(wanted[^1] == "label" ? new byte[8] : Floats(0.5f, 0.5f));
    }

    [Test]
    public async Task Infinities_and_NaN_are_carried_where_JSON_cannot(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Logarithm(), cancellationToken);

        var reply = await server.PostAsync(
            "/v2/models/m/infer",
            """{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[0,-1]}],"parameters":{"binary_data_output":true}}""",
            cancellationToken);

        MemoryMarshal.Cast<byte, float>(Cut(reply).Tensors).ToArray().Should().Equal(float.NegativeInfinity, float.NaN);
    }

    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":8}}]}""", 8, "Input 'x' (FP32, shape [-1,3]): the given shape [1,3] takes *")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":16}}]}""", 16, "Input 'x' (FP32, shape [-1,3]): the given shape [1,3] takes 12 bytes, the binary data has 16.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}]}""", 8, "Input 'x' (FP32, shape [-1,3]): 'binary_data_size' is 12, and the body has 8 bytes left behind its JSON*")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}]}""", 13, "1 bytes of binary data are left that no input's 'binary_data_size' asks for.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":-1}}]}""", 12, "Parameter 'binary_data_size' of input 'x' (FP32, shape [-1,3]) must be a whole number from 0*")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":"12"}}]}""", 12, "Parameter 'binary_data_size' of input 'x' (FP32, shape [-1,3]) must be a whole number from 0*")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3],"parameters":{"binary_data_size":12}}]}""", 12, "Input 'x' (FP32, shape [-1,3]) has 'data' as well as 'binary_data_size'; send one of them.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32"}]}""", 12, "Input 'x' (FP32, shape [-1,3]) has no 'data'.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}],"outputs":[{"name":"y","parameters":{"binary_data":"yes"}}]}""", 0, "Parameter 'binary_data' of output 'y' (FP32, shape [-1,3]) must be true or false.")]
    [TestCase("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}],"parameters":{"binary_data_output":1}}""", 0, "Parameter 'binary_data_output' of the request must be true or false.")]
    public async Task What_does_not_fit_is_told_in_full(string json, int bytes, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var reply = await server.PostBinaryAsync(json, new byte[bytes], cancellationToken);

        reply.Status.Should().Be(HttpStatusCode.BadRequest);
        reply.Error.Should().Match(message);
    }

    [TestCase("-1", "Inference-Header-Content-Length must be the number of bytes of the JSON, got '-1'.")]
    [TestCase("x", "Inference-Header-Content-Length must be the number of bytes of the JSON, got 'x'.")]
    [TestCase("99999999999", "Inference-Header-Content-Length must be the number of bytes of the JSON, got '99999999999'.")]
    [TestCase("17", "Inference-Header-Content-Length says that the JSON has 17 bytes, the whole body has 2.")]
    public async Task A_wrong_length_of_the_JSON_is_told(string header, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);

        var reply = await server.PostAsync("/v2/models/m/infer", "{}", cancellationToken, (RestCalls.BinaryHeader, header));

        (reply.Status, reply.Error).Should().Be((HttpStatusCode.BadRequest, message));
    }

    [Test]
    public async Task A_body_of_bytes_alone_is_the_only_input(CancellationToken cancellationToken)
    {
        await using var rows = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        await using var open = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Float, -1, -1), cancellationToken);
        await using var text = await TestServer.ServeAsync(TestModels.Identity(OnnxType.String, -1), cancellationToken);

        var (one, doubled) = Cut(await RawAsync(rows, Floats(1, 2, 3), cancellationToken));
        var (two, _) = Cut(await RawAsync(rows, Floats(1, 2, 3, 4, 5, 6), cancellationToken));
        var (wide, _) = Cut(await RawAsync(open, Floats(1, 2, 3, 4), cancellationToken));
        var (word, bytes) = Cut(await RawAsync(text, "h\u00e9"u8.ToArray(), cancellationToken));

        Shape(one).Should().Be("[1,3]");
        doubled.Should().Equal(Floats(2, 4, 6));
        Shape(two).Should().Be("[2,3]");
        Shape(wide).Should().Be("[1,4]");
        Shape(word).Should().Be("[1]");
        bytes.Should().Equal([3, 0, 0, 0, .. "h\u00e9"u8]);
    }

    [Test]
    public async Task A_body_of_bytes_alone_is_refused_where_it_tells_too_little(CancellationToken cancellationToken)
    {
        await using var several = await TestServer.ServeAsync(TestModels.Sum(), cancellationToken);
        await using var open = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Float, 2, -1, -1), cancellationToken);
        await using var rows = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        await using var texts = await TestServer.ServeAsync(TestModels.Identity(OnnxType.String, 2), cancellationToken);

        (await RawAsync(several, Floats(1, 2), cancellationToken)).Error.Should().Contain("but the model takes 2 inputs;");
        (await RawAsync(open, Floats(1, 2), cancellationToken)).Error.Should().Contain("more than one axis that its bytes would have to tell");
        (await RawAsync(rows, Floats(1, 2), cancellationToken)).Error.Should().EndWith("takes more elements than the 2 that the message can hold.");
        (await RawAsync(rows, Floats(1, 2, 3, 4), cancellationToken)).Error.Should().EndWith("takes 12 bytes, the binary data has 16.");
        (await RawAsync(texts, [1], cancellationToken)).Error.Should().Contain("takes more than one element");
    }

    [Test]
    public async Task Half_floats_have_no_JSON_form_either_way(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Float16, -1), cancellationToken);

        var input = await server.PostAsync(
            "/v2/models/m/infer",
            """{"inputs":[{"name":"x","shape":[1],"datatype":"FP16","data":[1]}],"parameters":{"binary_data_output":true}}""",
            cancellationToken);
        var output = await server.PostBinaryAsync(
            """{"inputs":[{"name":"x","shape":[1],"datatype":"FP16","parameters":{"binary_data_size":2}}]}""", [0, 0x3c], cancellationToken);

        input.Status.Should().Be(HttpStatusCode.BadRequest);
        input.Error.Should().Contain("FP16 has no JSON form; send it in the binary form");
        output.Status.Should().Be(HttpStatusCode.BadRequest);
        output.Error.Should().Contain("FP16 has no JSON form; ask for it in the binary form");
    }

    private static Task<RestReply> RawAsync(TestServer server, byte[] body, CancellationToken cancellationToken) =>
        server.SendAsync(HttpMethod.Post, "/v2/models/m/infer", body, [(RestCalls.BinaryHeader, "0")], cancellationToken);

    private static (JsonNode Json, byte[] Tensors) Cut(RestReply reply)
    {
        reply.Headers.TryGetValues(RestCalls.BinaryHeader, out var values).Should().BeTrue(reply.Text);
        var length = int.Parse(values!.Single(), System.Globalization.CultureInfo.InvariantCulture);
        return (JsonNode.Parse(Encoding.UTF8.GetString(reply.Body, 0, length))!, reply.Body[length..]);
    }

    private static string Shape(JsonNode json) => json["outputs"]![0]!["shape"]!.ToJsonString();

    private static byte[] Floats(params float[] values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        }

        return bytes;
    }

    private static int Size(string datatype) => datatype switch
    {
        "BOOL" or "UINT8" => 1,
        "INT16" or "FP16" or "BF16" => 2,
        "FP32" => 4,
        _ => 8,
    };
}
