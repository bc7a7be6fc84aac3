using System.Text;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Inference.Outputs;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Inference.Outputs;

internal sealed class MapOutputsTests
{
    [Test]
    public void Maps_with_text_keys_become_columns_in_the_order_of_their_keys()
    {
        using var folder = new ModelFolder().WithModel(TestModels.TextZipMap());
        using var session = Sessions.Load(folder);
        using var call = session.Call("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [2, 2], "data": [0, 1000, 1000, 0]}]}""");
        using var result = session.Run(call);

        session.Outputs[0].ToString().Should().Be("'probabilities' (FP32, shape [-1,2])");
        session.Outputs[0].Columns.Should().Equal("fraud", "ok");
        result.Output(0).Shape.ToArray().Should().Equal(2, 2);
        result.Output(0).Elements<float>().ToArray().Should().Equal(1, 0, 0, 1);
    }

    [Test]
    public void Maps_with_whole_keys_become_columns_in_the_order_of_their_numbers()
    {
        using var folder = new ModelFolder().WithModel(TestModels.NumberZipMap());
        using var session = Sessions.Load(folder);
        using var call = session.Call("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3], "data": [10, 9, -1]}]}""");
        using var result = session.Run(call);

        session.Outputs[0].Columns.Should().Equal("-1", "9", "10");
        result.Output(0).Elements<float>().ToArray().Should().Equal(-1, 9, 10);
    }

    [Test]
    public void No_rows_give_a_tensor_of_no_rows()
    {
        using var folder = new ModelFolder().WithModel(TestModels.NumberZipMap());
        using var session = Sessions.Load(folder);
        using var call = session.Call("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [0, 3], "data": []}]}""");
        using var result = session.Run(call);

        result.Output(0).Shape.ToArray().Should().Equal(0, 3);
    }

    [Test]
    public void Keys_that_the_file_does_not_tell_are_learnt_at_load()
    {
        using var folder = new ModelFolder().WithModel(TestModels.HiddenZipMap(width: 2));
        using var session = Sessions.Load(folder);
        using var call = session.Call("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [2, 1]}]}""");
        using var result = session.Run(call);

        session.Outputs[0].Columns.Should().Equal("a", "b");
        result.Output(0).Elements<float>().ToArray().Should().Equal(1, 2);
    }

    [Test]
    public void Keys_that_cannot_be_learnt_are_told_with_each_row()
    {
        using var folder = new ModelFolder().WithModel(TestModels.HiddenZipMap(width: -1));
        using var session = Sessions.Load(folder);
        using var call = session.Call("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [2, 2], "data": [2, 1, 0.5, 4]}]}""");
        using var result = session.Run(call);

        session.Outputs[0].ToString().Should().Be("'y' (BYTES, shape [-1])");
        Encoding.UTF8.GetString(result.Output(0).Text(0)).Should().Be("""{"a":1,"b":2}""");
        Encoding.UTF8.GetString(result.Output(0).Text(1)).Should().Be("""{"a":4,"b":0.5}""");
    }

    [Test]
    public void Maps_with_keys_of_their_own_become_json_rows()
    {
        using var rows = OrtValue.CreateSequence(
        [
            OrtValue.CreateMapWithStringKeys(["b", "a\""], Floats(1.5f, float.NaN)),
            OrtValue.CreateMapWithStringKeys(["c"], Floats(2)),
        ]);

        using var made = new JsonOfMaps().Make(rows);

        made.GetStringTensorAsArray().Should().Equal("""{"a\u0022":null,"b":1.5}""", """{"c":2}""");
    }

    [Test]
    public void A_row_with_other_keys_than_were_learnt_is_an_error_that_says_so()
    {
        using var rows = OrtValue.CreateSequence([OrtValue.CreateMap(Longs(1, 2), Floats(1, 2)), OrtValue.CreateMap(Longs(3), Floats(3))]);
        using var first = rows.GetValue(0, OrtAllocator.DefaultInstance);
        using var keys = first.GetValue(0, OrtAllocator.DefaultInstance);
        var unknown = MapOutputs.AsJson("y", rows: "");

        var make = () => new ColumnsOfMaps("y", MapColumns.Of(keys)).Make(rows).Dispose();

        MapOutputs.Learn(unknown, rows).Should().BeSameAs(unknown);
        make.Should().Throw<ModelServer.DataPlane.ServingException>().WithMessage("Row 1 of the output 'y' has other keys than the 2 columns*");
    }

    private static float[] Floats(params float[] values) => values;

    private static long[] Longs(params long[] values) => values;
}
