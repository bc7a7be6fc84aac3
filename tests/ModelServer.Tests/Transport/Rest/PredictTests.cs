using System.Net;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>V1's <c>:predict</c>.</summary>
[CancelAfter(120_000)]
internal sealed class PredictTests
{
    private TestServer _double = null!;
    private TestServer _sum = null!;
    private TestServer _classifier = null!;
    private TestServer _text = null!;

    [OneTimeSetUp]
    public async Task Serve()
    {
        _double = await TestServer.ServeAsync(TestModels.Double(), CancellationToken.None);
        _sum = await TestServer.ServeAsync(TestModels.Sum(), CancellationToken.None);
        _classifier = await TestServer.ServeAsync(TestModels.Classifier(), CancellationToken.None);
        _text = await TestServer.ServeAsync(TestModels.Identity(OnnxType.String, -1), CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _double.DisposeAsync();
        await _sum.DisposeAsync();
        await _classifier.DisposeAsync();
        await _text.DisposeAsync();
    }

    [TestCase("""{"instances":[[1,2,3],[4,5,null]]}""", """{"predictions":[[2,4,6],[8,10,null]]}""")]
    [TestCase("""{"signature_name":"serving_default","instances":[{"x":[1,2,3]}]}""", """{"predictions":[[2,4,6]]}""")]
    [TestCase("""{"inputs":[[1,2,3],[4,5,6]]}""", """{"outputs":[[2,4,6],[8,10,12]]}""")]
    [TestCase("""{"inputs":{"x":[[1,2,3]]}}""", """{"outputs":[[2,4,6]]}""")]
    public async Task One_input_takes_plain_arrays_or_names(string request, string answer, CancellationToken cancellationToken) =>
        await AnswersAsync(_double, request, answer, cancellationToken);

    [TestCase("""{"instances":[{"a":[1,2],"b":[10,20]},{"b":[30,40],"a":[3,4]}]}""", """{"predictions":[[11,22],[33,44]]}""")]
    [TestCase("""{"inputs":{"a":[[1,2],[3,4]],"b":[[10,20],[30,40]]}}""", """{"outputs":[[11,22],[33,44]]}""")]
    public async Task Several_inputs_take_objects(string request, string answer, CancellationToken cancellationToken) =>
        await AnswersAsync(_sum, request, answer, cancellationToken);

    [TestCase("""{"instances":[[0,0],[-500,500]]}""", """{"predictions":[{"label":0,"probabilities":[0.5,0.5]},{"label":1,"probabilities":[0,1]}]}""")]
    [TestCase("""{"inputs":[[0,0],[-500,500]]}""", """{"outputs":{"label":[0,1],"probabilities":[[0.5,0.5],[0,1]]}}""")]
    public async Task Several_outputs_are_answered_under_their_names(string request, string answer, CancellationToken cancellationToken) =>
        await AnswersAsync(_classifier, request, answer, cancellationToken);

    [TestCase("""{"instances":["a",{"b64":"/w=="},{"b64":"w7w="}]}""", """{"predictions":["a",{"b64":"/w=="},"ü"]}""")]
    [TestCase("""{"instances":[{"b64":"YQ=="}]}""", """{"predictions":["a"]}""")]
    [TestCase("""{"inputs":["a"]}""", """{"outputs":["a"]}""")]
    public async Task Bytes_that_are_no_text_are_marked_base64(string request, string answer, CancellationToken cancellationToken) =>
        await AnswersAsync(_text, request, answer, cancellationToken);

    [TestCase("{}", "The request has neither 'instances', one entry for each row, nor 'inputs', one entry for each tensor.")]
    [TestCase("""{"instances":[[1,2,3]],"inputs":[[1,2,3]]}""", "The request must have either 'instances' or 'inputs', and it once.")]
    [TestCase("""{"instances":[]}""", "'instances' must be an array with an entry for each row, one at least.")]
    [TestCase("""{"instances":3}""", "'instances' must be an array with an entry for each row, one at least.")]
    [TestCase("""{"instances":[[1,2,3],[4,5]]}""", "Input 'x' (FP32, shape [-1,3]): the given shape [2,3] takes 6 elements, data or one of its rows ends after element 5.")]
    [TestCase("""{"instances":[[1,2],[4,5]]}""", "Input 'x' (FP32, shape [-1,3]) must have shape [-1,3], where -1 takes any length, got [2,2].")]
    [TestCase("""{"instances":[[1,2,3],4]}""", "Input 'x' (FP32, shape [-1,3]): data is nested differently from the given shape [2,3]*")]
    [TestCase("""{"instances":[[1,2,"x"]]}""", "Input 'x' (FP32, shape [-1,3]): element 2 must be a number in the range of FP32, or null for NaN, got*")]
    [TestCase("""{"instances":[{"y":[1,2,3]}]}""", "The model has no input 'y'; its inputs are 'x' (FP32, shape [-1,3]).")]
    [TestCase("""{"instances":[{}]}""", "Entry 0 of 'instances' lacks 'x' (FP32, shape [-1,3]).")]
    [TestCase("""{"instances":[{"x":[1,2,3]},{}]}""", "Entry 1 of 'instances' lacks 'x' (FP32, shape [-1,3]).")]
    [TestCase("""{"instances":[{"x":[1,2,3]},[1,2,3]]}""", "Entry 1 of 'instances' is not an object, as the first one is.")]
    [TestCase("""{"instances":[{"x":[1,2,3],"x":[1,2,3]}]}""", "Entry 0 of 'instances' has 'x' (FP32, shape [-1,3]) twice.")]
    [TestCase("""{"inputs":{}}""", "'inputs' lacks 'x' (FP32, shape [-1,3]).")]
    [TestCase("""{"instances":[[1,2,3]]} x""", "The body is not valid JSON: expected nothing more at byte*")]
    [TestCase("""{"instances":[[1,2,3]""", "The body is not valid JSON: it ends*")]
    public async Task A_bad_request_is_told_what_was_expected(string request, string message, CancellationToken cancellationToken)
    {
        var reply = await _double.PostAsync("/v1/models/m:predict", request, cancellationToken);

        reply.Status.Should().Be(HttpStatusCode.BadRequest, reply.Text);
        reply.Error.Should().Match(message);
    }

    [TestCase("""{"instances":[[1,2]]}""", "The model takes 2 inputs, so that each entry of 'instances' must be an object with the values under their names: 'a', 'b'.")]
    [TestCase("""{"inputs":[[1,2]]}""", "The model takes 2 inputs, so that 'inputs' must be an object with the tensors under their names: 'a', 'b'.")]
    [TestCase("""{"instances":[{"a":[1,2]}]}""", "Entry 0 of 'instances' lacks 'b' (FP32, shape [-1,2]).")]
    [TestCase("""{"inputs":{"a":[[1,2]]}}""", "'inputs' lacks 'b' (FP32, shape [-1,2]).")]
    public async Task Data_of_several_inputs_must_have_names(string request, string message, CancellationToken cancellationToken)
    {
        var reply = await _sum.PostAsync("/v1/models/m:predict", request, cancellationToken);

        (reply.Status, reply.Error).Should().Be((HttpStatusCode.BadRequest, message));
    }

    [Test]
    public async Task Outputs_that_are_no_rows_are_answered_by_columns_only(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identity(OnnxType.Int64), cancellationToken);

        var columns = await server.PostAsync("/v1/models/m:predict", """{"inputs":7}""", cancellationToken);
        var rows = await server.PostAsync("/v1/models/m:predict", """{"inputs":{"x":[7]}}""", cancellationToken);

        columns.Text.Should().Be("""{"outputs":7}""");
        rows.Text.Should().Be("""{"outputs":[7]}""");
    }

    [Test]
    public async Task There_is_no_binary_form_of_V1(CancellationToken cancellationToken)
    {
        var reply = await _double.PostAsync("/v1/models/m:predict", "{}", cancellationToken, (RestCalls.BinaryHeader, "2"));

        reply.Status.Should().Be(HttpStatusCode.BadRequest);
        reply.Error.Should().StartWith("V1 has no binary form;");
    }

    private static async Task AnswersAsync(TestServer server, string request, string answer, CancellationToken cancellationToken)
    {
        var reply = await server.PostAsync("/v1/models/m:predict", request, cancellationToken);
        var versioned = await server.PostAsync("/v1/models/m/versions/1:predict", request, cancellationToken);

        reply.Text.Should().Be(answer);
        reply.Status.Should().Be(HttpStatusCode.OK);
        versioned.Text.Should().Be(answer);
    }
}
