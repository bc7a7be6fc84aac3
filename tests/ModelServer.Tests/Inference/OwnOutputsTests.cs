using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Inference;

/// <summary>Runs that write into memory of the call's own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OwnOutputsTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly RunOptions _options = new();

    public void Dispose()
    {
        _options.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void What_comes_out_is_the_same_for_any_number_of_rows_in_turn()
    {
        using var session = Load(TestModels.Sum());
        using var call = session.Rent();
        foreach (var rows in (int[])[1, 7, 1, 300, 2])
        {
            Fill(call, rows);
            var own = session.RunAlone(call, rows, _options);
            using var usual = session.Run(call, CancellationToken.None);

            own.Should().BeSameAs(call.OwnOutputs);
            var output = own.Output(session.Outputs[0], 0, 0, -1);
            output.Shape.ToArray().Should().Equal(rows, 2);
            output.Elements<float>().ToArray().Should().Equal(usual[0].GetTensorDataAsSpan<float>().ToArray());
        }
    }

    [Test]
    public void A_call_that_was_given_back_keeps_the_memory_for_the_next_request()
    {
        using var session = Load(TestModels.Sum());
        OwnOutputs first;
        using (var call = session.Rent())
        {
            Fill(call, 3);
            session.RunAlone(call, 3, _options);
            first = call.OwnOutputs;
        }

        using var next = session.Rent();
        next.OwnOutputs.Should().BeSameAs(first);
    }

    [Test]
    public void A_call_that_wants_some_outputs_only_is_run_in_the_usual_way()
    {
        using var session = Load(TestModels.Classifier());
        using var call = session.Rent();
        call.Prepare(0, [1, 2], 2).Elements<float>().Clear();
        call.Want([1]);

        var outputs = session.RunAlone(call, 1, _options);

        outputs.Should().BeOfType<RunOutputs>();
        outputs.Count.Should().Be(1);
        outputs.Release();
    }

    [Test]
    public void A_model_that_gives_other_shapes_than_it_says_is_answered_as_it_gives_them()
    {
        using var session = Load(TestModels.Total());
        for (var i = 0; i < 2; i++)
        {
            using var call = session.Rent();
            call.Prepare(0, [3], 3).Elements<float>().Fill(5);

            var outputs = session.RunAlone(call, 3, _options);
            var output = outputs.Output(session.Outputs[0], 0, 0, -1);
            (output.Shape.ToArray(), output.Elements<float>().ToArray()).Should().BeEquivalentTo((new long[] { 1 }, new float[] { 15 }));
            outputs.Release();
        }
    }

    [Test]
    public void A_bad_input_fails_and_the_next_one_is_run_as_before()
    {
        using var session = Load(TestModels.Gather());
        using var call = session.Rent();
        call.Prepare(0, [1], 1).Elements<long>()[0] = 99;
        session.Invoking(one => one.RunAlone(call, 1, _options)).Should().Throw<OnnxRuntimeException>();

        call.Input(0).Elements<long>()[0] = 1;
        session.RunAlone(call, 1, _options).Should().BeSameAs(call.OwnOutputs);
    }

    private ModelSession Load(byte[] model) => Sessions.Load(_folder.WithModel(model));

    private static void Fill(InferCall call, int rows)
    {
        for (var input = 0; input < 2; input++)
        {
            var elements = call.PrepareGraph(input, [rows, 2], rows * 2).Elements<float>();
            for (var i = 0; i < elements.Length; i++)
            {
                elements[i] = (input * 1000) + i;
            }
        }
    }
}
