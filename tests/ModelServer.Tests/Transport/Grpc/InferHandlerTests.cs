using Google.Protobuf;
using Grpc.Core;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Grpc.Messages;
using static Slipway.ModelServer.Tests.Transport.Grpc.GrpcClient;
using InferInput = Slipway.ModelServer.Transport.Grpc.Messages.ModelInferRequest.Types.InferInputTensor;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

[CancelAfter(120_000)]
internal sealed class InferHandlerTests
{
    private const string X = "Input 'x' (FP32, shape [-1,3])";

    private static readonly (OnnxType Type, string Datatype, InferTensorContents Contents, int Count)[] Typed =
    [
        (OnnxType.Bool, "BOOL", new() { BoolContents = { true, false } }, 2),
        (OnnxType.UInt8, "UINT8", new() { UintContents = { 0, 200, 255 } }, 3),
        (OnnxType.UInt16, "UINT16", new() { UintContents = { 0, 65535 } }, 2),
        (OnnxType.UInt32, "UINT32", new() { UintContents = { 0, uint.MaxValue } }, 2),
        (OnnxType.UInt64, "UINT64", new() { Uint64Contents = { 0, 9007199254740993, ulong.MaxValue } }, 3),
        (OnnxType.Int8, "INT8", new() { IntContents = { -128, -1, 127 } }, 3),
        (OnnxType.Int16, "INT16", new() { IntContents = { short.MinValue, short.MaxValue } }, 2),
        (OnnxType.Int32, "INT32", new() { IntContents = { int.MinValue, 0, int.MaxValue } }, 3),
        (OnnxType.Int64, "INT64", new() { Int64Contents = { long.MinValue, -1, long.MaxValue } }, 3),
        (OnnxType.Float, "FP32", new() { Fp32Contents = { 0.1f, float.NaN, float.NegativeInfinity } }, 3),
        (OnnxType.Double, "FP64", new() { Fp64Contents = { 0.1, double.NaN, double.MaxValue } }, 3),
        (OnnxType.String, "BYTES", new() { BytesContents = { ByteString.Empty, ByteString.CopyFromUtf8("grüß dich"), ByteString.CopyFrom(0xff, 0) } }, 3),
    ];

    private static readonly (OnnxType Type, string Datatype, byte[] Raw)[] Raws =
    [
        (OnnxType.Bool, "BOOL", [1, 0]),
        (OnnxType.UInt8, "UINT8", [0, 255]),
        (OnnxType.UInt16, "UINT16", [0, 1, 255, 255]),
        (OnnxType.UInt32, "UINT32", [1, 2, 3, 4]),
        (OnnxType.UInt64, "UINT64", [1, 2, 3, 4, 5, 6, 7, 8]),
        (OnnxType.Int8, "INT8", [128, 127]),
        (OnnxType.Int16, "INT16", [0, 128, 255, 127]),
        (OnnxType.Int32, "INT32", [0, 0, 0, 128]),
        (OnnxType.Int64, "INT64", [0, 0, 0, 0, 0, 0, 0, 128]),
        (OnnxType.Float16, "FP16", [0, 60, 1, 0]),
        (OnnxType.BFloat16, "BF16", [128, 63, 192, 127]),
        (OnnxType.Float, "FP32", [0, 0, 192, 127, 205, 204, 204, 61]),
        (OnnxType.Double, "FP64", [154, 153, 153, 153, 153, 153, 185, 63]),
        (OnnxType.String, "BYTES", [2, 0, 0, 0, (byte)'o', (byte)'k', 0, 0, 0, 0]),
    ];

    [TestCaseSource(nameof(TypedNames))]
    public async Task Typed_elements_of_every_type_come_back_as_they_were_sent(string datatype, CancellationToken cancellationToken)
    {
        var (type, _, contents, count) = Typed.Single(row => row.Datatype == datatype);
        await using var server = await TestServer.ServeAsync(TestModels.Identity(type, -1), cancellationToken);
        using var client = Of(server);

        var answer = await client.InferAsync(
            Request(new InferInput { Name = "x", Datatype = datatype, Shape = { count }, Contents = contents }), cancellationToken);

        answer.RawOutputContents.Should().BeEmpty();
        var output = answer.Outputs.Should().ContainSingle().Subject;
        output.Name.Should().Be("y");
        output.Datatype.Should().Be(datatype);
        output.Shape.Should().Equal(count);
        output.Contents.Should().Be(contents);
    }

    [TestCaseSource(nameof(RawNames))]
    public async Task Raw_elements_of_every_type_come_back_raw(string datatype, CancellationToken cancellationToken)
    {
        var (type, _, raw) = Raws.Single(row => row.Datatype == datatype);
        await using var server = await TestServer.ServeAsync(TestModels.Identity(type, -1), cancellationToken);
        using var client = Of(server);
        var size = datatype switch { "BYTES" => 5, "BOOL" => 1, _ => int.Parse(new string([.. datatype.Where(char.IsAsciiDigit)]), null) / 8 };

        var answer = await client.InferAsync(Raw("x", datatype, [raw.Length / size], raw), cancellationToken);

        answer.Outputs.Should().ContainSingle().Which.Contents.Should().BeNull();
        answer.RawOutputContents.Should().ContainSingle().Which.ToByteArray().Should().Equal(raw);
    }

    [Test]
    public async Task The_id_and_the_version_that_answered_come_back(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = Of(server);
        var request = Request(Floats("x", [1, 3], 1, 2.5f, -3));
        request.Id = "Größe 7";

        var answer = await client.InferAsync(request, cancellationToken);

        answer.Should().Be(new ModelInferResponse
        {
            ModelName = "m",
            ModelVersion = "1",
            Id = "Größe 7",
            Outputs =
            {
                new ModelInferResponse.Types.InferOutputTensor
                {
                    Name = "y",
                    Datatype = "FP32",
                    Shape = { 1, 3 },
                    Contents = new InferTensorContents { Fp32Contents = { 2, 5, -6 } },
                },
            },
        });
    }

    [Test]
    public async Task Only_the_outputs_that_are_asked_for_come_in_the_order_asked(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Classifier(), cancellationToken);
        using var client = Of(server);
        var one = Request(Floats("x", [2, 2], 0, 0, 1, 3));
        var both = one.Clone();
        one.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "label" });
        both.Outputs.Add([new() { Name = "probabilities" }, new() { Name = "label" }]);

        (await client.InferAsync(one, cancellationToken)).Outputs.Single().Contents.Int64Contents.Should().Equal(0, 1);
        (await client.InferAsync(both, cancellationToken)).Outputs.Select(output => output.Name).Should().Equal("probabilities", "label");
    }

    [Test]
    public async Task Empty_tensors_and_scalars_are_taken(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        await using var scalar = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Int64), cancellationToken);
        using var client = Of(server);
        using var scalarClient = Of(scalar);

        var none = await client.InferAsync(Request(new InferInput { Name = "x", Datatype = "FP32", Shape = { 0, 3 } }), cancellationToken);
        var five = await scalarClient.InferAsync(
            Request(new InferInput { Name = "x", Datatype = "INT64", Contents = new() { Int64Contents = { 5 } } }), cancellationToken);

        none.Outputs.Single().Shape.Should().Equal(0, 3);
        none.Outputs.Single().Contents.Should().BeNull();
        five.Outputs.Single().Shape.Should().BeEmpty();
        five.Outputs.Single().Contents.Int64Contents.Should().Equal(5);
    }

    private static IEnumerable<TestCaseData> BadRequests()
    {
        yield return Case("wrong shape", Floats("x", [1, 2], 1, 2), $"{X} must have shape [-1,3], where -1 takes any length, got [1,2].");
        yield return Case("wrong datatype", new InferInput { Name = "x", Datatype = "FP64", Shape = { 1, 3 }, Contents = new() { Fp64Contents = { 1, 2, 3 } } }, $"{X} must have datatype FP32, got 'FP64'.");
        yield return Case("unknown input", Floats("z", [1, 3], 1, 2, 3), "The model has no input 'z'; its inputs are 'x' (FP32, shape [-1,3]).");
        yield return Case("wrong field", new InferInput { Name = "x", Datatype = "FP32", Shape = { 1, 3 }, Contents = new() { Fp64Contents = { 1, 2, 3 } } }, $"{X} must have its elements in 'fp32_contents', got 'fp64_contents'.");
        yield return Case("too few elements", Floats("x", [1, 3], 1, 2), $"{X}: the given shape [1,3] takes more elements than the 2 that the message can hold.");
        yield return Case("too many elements", Floats("x", [1, 3], 1, 2, 3, 4), $"{X}: the given shape [1,3] takes 3 elements, 'fp32_contents' has more.");
        yield return Case("no elements", new InferInput { Name = "x", Datatype = "FP32", Shape = { 1, 3 } }, $"{X} has no elements; send them in its 'contents' or all inputs' in 'raw_input_contents'.");
        yield return Case("negative axis", Floats("x", [1, -3], 1), "Input 'x': 'shape' must hold whole numbers of at least 0, got -3.");
        yield return Case("many axes", Floats("x", [.. Enumerable.Repeat(1L, 33)], 1), "Input 'x': 'shape' has more than 32 axes.");
        yield return Case("huge shape", Floats("x", [long.MaxValue / 2, 3], 1), $"{X}: the given shape [4611686018427387903,3] takes more elements than the 1 that the message can hold.");
        yield return Case("twice", Request(Floats("x", [1, 3], 1, 2, 3), Floats("x", [1, 3], 1, 2, 3)), $"'inputs' has 'x' (FP32, shape [-1,3]) twice.");
        yield return Case("none", Request(), "'inputs' lacks 'x' (FP32, shape [-1,3]); the model takes 1 inputs.");
        yield return Case("unknown output", With(request => request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "q" })), "The model has no output 'q'; its outputs are 'y' (FP32, shape [-1,3]).");
        yield return Case("output twice", With(request => request.Outputs.Add([new() { Name = "y" }, new() { Name = "y" }])), "'outputs' names 'y' (FP32, shape [-1,3]) twice.");
        yield return Case("raw and typed", With(request => request.RawInputContents.Add(ByteString.CopyFrom(new byte[12]))), $"{X} has 'contents' although 'raw_input_contents' is used; send every input in one of the two ways.");
        yield return Case("more raw than inputs", With(request => request.RawInputContents.Add([ByteString.Empty, ByteString.Empty])), "'raw_input_contents' has 2 entries and 'inputs' has 1; when it is used it must have one entry for every input.");
        yield return Case("too many raw bytes", Raw("x", "FP32", [1, 3], new byte[13]), $"{X}: the given shape [1,3] takes 12 bytes, the binary data has 13.");
        yield return Case("text for a timeout", With(request => request.Parameters["timeout"] = new InferParameter { StringParam = "1" }), "The parameter 'timeout' must be whole microseconds, as int64_param or uint64_param.");
        yield return Case("negative timeout", With(request => request.Parameters["timeout"] = new InferParameter { Int64Param = -1 }), "The parameter 'timeout' must not be negative, got -1.");

        static TestCaseData Case(string name, object request, string message) =>
            new TestCaseData(request as ModelInferRequest ?? Request((InferInput)request), message).SetName($"A_bad_request_is_told_what_was_expected({name})");

        static ModelInferRequest With(Action<ModelInferRequest> change)
        {
            var request = Request(Floats("x", [1, 3], 1, 2, 3));
            change(request);
            return request;
        }
    }

    [TestCaseSource(nameof(BadRequests))]
    public async Task A_bad_request_is_told_what_was_expected(ModelInferRequest request, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = Of(server);

        var failure = await FailureAsync(() => client.InferAsync(request, cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.InvalidArgument);
        failure.Status.Detail.Should().Be(message);
    }

    [TestCase(OnnxType.Int8, "INT8", 128, "Input 'x' (INT8, shape [-1]): element 1 must be -128 to 127, got 128.")]
    [TestCase(OnnxType.Int16, "INT16", -32769, "Input 'x' (INT16, shape [-1]): element 1 must be -32768 to 32767, got -32769.")]
    [TestCase(OnnxType.UInt8, "UINT8", 256, "Input 'x' (UINT8, shape [-1]): element 1 must be 0 to 255, got 256.")]
    [TestCase(OnnxType.UInt16, "UINT16", 65536, "Input 'x' (UINT16, shape [-1]): element 1 must be 0 to 65535, got 65536.")]
    public async Task An_element_out_of_range_is_named(OnnxType type, string datatype, int element, string message, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(type, -1), cancellationToken);
        using var client = Of(server);
        var contents = datatype.StartsWith('U')
            ? new InferTensorContents { UintContents = { 1, (uint)element } }
            : new InferTensorContents { IntContents = { 1, element } };

        var failure = await FailureAsync(() => client.InferAsync(
            Request(new InferInput { Name = "x", Datatype = datatype, Shape = { 2 }, Contents = contents }), cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.InvalidArgument);
        failure.Status.Detail.Should().Be(message);
    }

    [TestCase(OnnxType.Float16, "FP16")]
    [TestCase(OnnxType.BFloat16, "BF16")]
    public async Task Half_precision_travels_raw_only(OnnxType type, string datatype, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(type, -1), cancellationToken);
        using var client = Of(server);

        var failure = await FailureAsync(() => client.InferAsync(
            Request(new InferInput { Name = "x", Datatype = datatype, Shape = { 1 }, Contents = new() { Fp32Contents = { 1 } } }), cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.InvalidArgument);
        failure.Status.Detail.Should().Be($"Input 'x' ({datatype}, shape [-1]): {datatype} has no typed form; send all inputs in 'raw_input_contents'.");
    }

    [Test]
    public async Task An_output_without_a_typed_form_is_answered_raw(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Halved(), cancellationToken);
        using var client = Of(server);

        var answer = await client.InferAsync(Request(Floats("x", [1], 1)), cancellationToken);

        answer.Outputs.Single().Datatype.Should().Be("FP16");
        answer.RawOutputContents.Single().ToByteArray().Should().Equal(0, 60);
    }

    [Test]
    public async Task What_is_not_served_here_is_not_found(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = Of(server);

        var model = await FailureAsync(() => client.InferAsync(new ModelInferRequest { ModelName = "größer" }, cancellationToken));
        var version = await FailureAsync(() => client.InferAsync(new ModelInferRequest { ModelName = "m", ModelVersion = "7" }, cancellationToken));

        model.StatusCode.Should().Be(StatusCode.NotFound);
        model.Status.Detail.Should().Be("There is no model 'größer' here; this server serves 'm'.");
        version.StatusCode.Should().Be(StatusCode.NotFound);
        version.Status.Detail.Should().Be("Model 'm' has no version '7' here; this server serves version '1'.");
    }

    [Test]
    public async Task Before_the_model_is_loaded_the_server_is_unavailable(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        await using var server = await TestServer.StartAsync(TestServer.Settings(folder), cancellationToken);
        using var client = Of(server);

        var failure = await FailureAsync(() => client.InferAsync(Request(Floats("x", [1, 3], 1, 2, 3)), cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.Unavailable);
        failure.Status.Detail.Should().Be("Model 'm' is not loaded; try again later.");
    }

    [Test]
    public async Task An_input_that_the_model_refuses_is_the_senders_fault(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Gather(), cancellationToken);
        using var client = Of(server);

        var failure = await FailureAsync(() => client.InferAsync(
            Request(new InferInput { Name = "index", Datatype = "INT64", Shape = { 1 }, Contents = new() { Int64Contents = { 10 } } }), cancellationToken));

        failure.StatusCode.Should().Be(StatusCode.InvalidArgument);
        failure.Status.Detail.Should().StartWith("Model 'm' refused its input:").And.NotContain(".cc");
    }

    [Test]
    public async Task Other_parameters_are_passed_over(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        using var client = Of(server);
        var request = Request(Floats("x", [1, 3], 1, 2, 3));
        request.Parameters["timeout"] = new InferParameter { Int64Param = 0 };
        request.Parameters["binary_data_output"] = new InferParameter { BoolParam = true };
        request.Parameters["priority"] = new InferParameter { DoubleParam = 1 };
        request.Inputs[0].Parameters["binary_data_size"] = new InferParameter { Int64Param = 12 };

        var answer = await client.InferAsync(request, cancellationToken);

        answer.Outputs.Single().Contents.Fp32Contents.Should().Equal(2, 4, 6);
        await server.UntilCountedAsync("ok", 1, cancellationToken);
    }

    private static IEnumerable<string> TypedNames() => Typed.Select(row => row.Datatype);

    private static IEnumerable<string> RawNames() => Raws.Select(row => row.Datatype);
}
