using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.ModelYaml;

internal sealed class PipelineBuilderTests
{
    [Test]
    public void Columns_are_named_without_a_label()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double(2)).WithText("model.yaml", "columns: {y: [left, right]}");
        using var session = Sessions.Load(folder);

        session.Outputs.Should().ContainSingle().Which.Columns.Should().Equal("left", "right");
    }

    [Test]
    public void Labels_can_be_in_a_file_of_their_own()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double(2)).WithText("model.yaml", "labels: {file: labels.txt}").WithText("labels.txt", "cat\ndog\n");
        using var session = Sessions.Load(folder);

        session.Outputs[0].Columns.Should().Equal("cat", "dog");
    }

    [TestCase("labels: {names: [a, b, c]}", "labels.names: has 3 names for the last axis of 'y' (FP32, shape [-1,2])")]
    [TestCase("labels: {names: [a, b], output: z}", "labels.output: the model has no output 'z'; its outputs are 'y' (FP32, shape [-1,2])")]
    [TestCase("labels: {names: [a, b], as: y}", "labels.as: the model has an output 'y' already; choose another name")]
    [TestCase("labels: {file: labels.txt}", "labels.file: there is no file 'labels.txt' in the version's folder")]
    [TestCase("labels: {file: empty.txt}", "labels.file: 'empty.txt' must hold 1 to 100000 names, one a line and none of them empty")]
    [TestCase("columns: {z: [a]}", "columns.z: the model has no output 'z'; its outputs are 'y' (FP32, shape [-1,2])")]
    [TestCase("tokenizer: {type: WordPiece, vocabulary: v.txt}", "tokenizer.vocabulary: there is no file 'v.txt' in the version's folder")]
    [TestCase("tokenizer: {type: WordPiece, vocabulary: empty.txt}", "tokenizer.tensors.inputIds: the model has no input 'input_ids'; its inputs are 'x' (FP32, shape [-1,2])")]
    [TestCase("tokenizer: {type: WordPiece, vocabulary: empty.txt, tensors: {inputIds: x}}", "tokenizer.tensors.inputIds: 'x' (FP32, shape [-1,2]) must be INT64 or INT32 of two axes, texts and tokens")]
    [TestCase("tokenizer: {type: WordPiece, vocabulary: empty.txt}", "tokenizer.beginToken: 'empty.txt' holds no token '[CLS]'; name the one that the model was trained with")]
    public void What_the_model_has_not_is_told(string yaml, string message)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double(2)).WithText("model.yaml", yaml).WithText("empty.txt", "");

        Sessions.WhyNot(folder).Should().StartWith("model.yaml ").And.Contain($"\n  {message}");
    }

    [Test]
    public void Which_output_is_meant_must_be_said_when_there_are_two()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Stateful()).WithText("model.yaml", "labels: {names: [a, b]}");

        Sessions.WhyNot(folder).Should().Contain("labels.output: must say which of the outputs 'y' (FP32, shape [-1,2]), 'next' (FP32, shape [-1,2]) is meant");
    }
}
