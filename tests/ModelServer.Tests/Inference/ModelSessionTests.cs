using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Inference;

internal sealed class ModelSessionTests
{
    [Test]
    public void A_session_is_freed_only_when_the_last_call_is_back()
    {
        using var folder = new ModelFolder();
        var session = Sessions.Load(folder.WithModel(TestModels.Counting()));
        var call = session.Rent();
        call.Prepare(0, [1], 1).Elements<long>()[0] = 3;

        session.Dispose();
        using (var outputs = session.Run(call, CancellationToken.None))
        {
            outputs[0].GetTensorDataAsSpan<long>()[0].Should().Be(3);
        }

        session.CallsOut.Should().Be(1);
        call.Dispose();
        call.Dispose();
        session.CallsOut.Should().Be(0);
        session.Invoking(gone => gone.Rent()).Should().Throw<ObjectDisposedException>();
    }

    [Test]
    public void A_state_is_carried_by_the_client_and_a_scalar_has_no_axis()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Stateful());
        using var session = Sessions.Load(folder);
        using var first = Step(session, "[1, 2]", "[0, 0]");
        using var one = session.Run(first);
        var state = one.Output(1).Elements<float>().ToArray();
        using var second = Step(session, "[3, 4]", $"[{state[0]}, {state[1]}]");
        using var two = session.Run(second);

        state.Should().Equal(0.5f, 1);
        two.Output(0).Elements<float>().ToArray().Should().Equal(2, 3);
        BatchKey.Rows(first).Should().Be(0, "a call with a scalar can only run alone");
    }

    [Test]
    public void A_model_without_inputs_is_answered()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Constants());
        using var session = Sessions.Load(folder);
        using var call = session.Call("""{"inputs": []}""");
        using var result = session.Run(call);

        result.Output(0).Shape.ToArray().Should().BeEmpty();
        result.Output(0).Elements<float>().ToArray().Should().Equal(2.5f);
        result.Output(1).Shape.ToArray().Should().Equal(0, 3);
        new PlanProbe(session, new BatchingSettings(), workers: 1).Decide(new RunCosts(), CancellationToken.None).MaxBatchRows.Should().Be(1);
    }

    [Test]
    public void A_call_that_wanted_some_outputs_wants_all_again_when_it_is_used_anew()
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double(2)).WithText("model.yaml", "labels: {names: [a, b]}");
        using var session = Sessions.Load(folder);
        var call = session.Rent();
        call.Want([1]);
        call.Dispose();

        using var again = session.Rent();

        again.Should().BeSameAs(call);
        again.Outputs.Should().Equal(0, 1);
    }

    [TestCase(GraphOptimization.Disabled, OperatorOrder.Parallel)]
    [TestCase(GraphOptimization.Basic, OperatorOrder.Sequential)]
    [TestCase(GraphOptimization.Extended, OperatorOrder.Auto)]
    public void Every_way_to_run_it_gives_the_same(GraphOptimization optimization, OperatorOrder execution)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Sum());
        var settings = new SessionSettings
        {
            IntraOpThreads = 2,
            InterOpThreads = 2,
            Optimization = optimization,
            Execution = execution,
            MemoryArena = false,
            MemoryPattern = false,
        };
        using var session = ModelSession.Load(Path.Combine(folder.Path, "1", "model.onnx"), settings);
        using var call = session.Call(
            """{"inputs": [{"name": "a", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}, {"name": "b", "datatype": "FP32", "shape": [1, 2], "data": [3, 4]}]}""");
        using var result = session.Run(call);

        result.Output(0).Elements<float>().ToArray().Should().Equal(4, 6);
    }

    private static InferCall Step(ModelSession session, string x, string state) => session.Call(
        $$"""
        {"inputs": [
            {"name": "x", "datatype": "FP32", "shape": [1, 2], "data": {{x}}},
            {"name": "state", "datatype": "FP32", "shape": [1, 2], "data": {{state}}},
            {"name": "rate", "datatype": "FP32", "shape": [], "data": [0.5]}]}
        """);
}
