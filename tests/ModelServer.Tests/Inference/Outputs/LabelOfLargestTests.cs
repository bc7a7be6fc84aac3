using System.Text;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Inference.Outputs;

internal sealed class LabelOfLargestTests
{
    private const string ThreeRows = """{"inputs": [{"name": "x", "datatype": "FP32", "shape": [3, 2], "data": [1, 2, 3, 3, 0, -1]}], "outputs": [{"name": "label"}]}""";

    [Test]
    public void The_largest_place_is_answered_by_name_and_the_first_of_equals_wins()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double(2)).WithText("model.yaml", "labels: {names: [no, yes]}");
        using var session = Sessions.Load(folder);
        using var call = session.Call(ThreeRows);
        using var result = session.Run(call);

        session.Outputs.Select(output => output.ToString()).Should().Equal("'y' (FP32, shape [-1,2])", "'label' (BYTES, shape [-1])");
        session.Outputs[0].Columns.Should().Equal("no", "yes");
        result.Count.Should().Be(1);
        Texts(result.Output(0)).Should().Equal("yes", "no", "no");
    }

    [Test]
    public void A_row_that_holds_nan_has_no_name()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Identity(OnnxType.Float, -1, 2)).WithText("model.yaml", "labels: {names: [a, b], as: best}");
        using var session = Sessions.Load(folder);
        using var call = session.Rent();
        var x = call.Prepare(0, [2, 2], 4).Elements<float>();
        (x[0], x[1], x[2], x[3]) = (1, float.NaN, 1, 2);
        using var result = session.Run(call);

        Texts(result.Output(1)).Should().Equal("", "b");
    }

    [Test]
    public void Labels_can_be_made_of_maps()
    {
        using var folder = new ModelFolder().WithModel(TestModels.TextZipMap()).WithText("model.yaml", "labels: {names: [alarm, quiet]}");
        using var session = Sessions.Load(folder);
        using var call = session.Call(ThreeRows);
        using var result = session.Run(call);

        Texts(result.Output(0)).Should().Equal("alarm", "alarm", "quiet");
        session.Outputs[0].Columns.Should().Equal(["fraud", "ok"], "the model's own keys are not overwritten");
    }

    [Test]
    public void Labels_for_an_axis_of_another_length_are_refused_when_it_is_seen()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Identity(OnnxType.Float, -1, -1)).WithText("model.yaml", "labels: {names: [a, b, c]}");
        using var session = Sessions.Load(folder);
        using var call = session.Call("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]}""");

        var run = () => session.Run(call).Dispose();

        run.Should().Throw<ModelServer.DataPlane.ServingException>().WithMessage("The output 'y' (FP32, shape [-1,-1]) came with shape [1,2], for whose last axis model.yaml has 3 labels;*");
    }

    private static string[] Texts(OutputTensor output)
    {
        var texts = new string[output.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Encoding.UTF8.GetString(output.Text(i));
        }

        return texts;
    }
}
