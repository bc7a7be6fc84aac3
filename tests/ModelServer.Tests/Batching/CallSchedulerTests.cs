using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Batching;

[CancelAfter(60_000)]
internal sealed class CallSchedulerTests
{
    /// <summary>Holds the first call until three rows are there, so that the tests' three calls always run together.</summary>
    private static readonly ExecutionPlan ThreeTogether = new() { MaxBatchRows = 3 };

    [Test]
    public async Task Calls_that_ran_together_get_their_own_rows(CancellationToken cancellationToken)
    {
        using var model = new LoadedModel(TestModels.Double(width: 2));
        using var scheduler = model.Schedule(ThreeTogether, maxDelay: TimeSpan.FromMinutes(1));

        var answers = await RunAsync(scheduler, model.Floats([1, 2], 1, 2), model.Floats([2, 2], 3, 4, 5, 6)).WaitAsync(cancellationToken);

        answers.Should().Equal("[1,2] 2 4", "[2,2] 6 8 10 12");
    }

    [Test]
    public async Task Strings_are_batched_too(CancellationToken cancellationToken)
    {
        using var model = new LoadedModel(TestModels.Identity(OnnxType.String, -1));
        using var scheduler = model.Schedule(ThreeTogether, maxDelay: TimeSpan.FromMinutes(1));

        var answers = await RunAsync(scheduler, model.Texts("a", "bc"), model.Texts("d")).WaitAsync(cancellationToken);

        answers.Should().Equal("[2] a bc", "[1] d");
    }

    [Test]
    public async Task A_row_that_the_model_refuses_fails_its_own_call_only(CancellationToken cancellationToken)
    {
        using var model = new LoadedModel(TestModels.Gather());
        using var scheduler = model.Schedule(ThreeTogether, maxDelay: TimeSpan.FromMinutes(1));

        var good = RunAsync(scheduler, model.Longs(7));
        var bad = RunAsync(scheduler, model.Longs(10));
        var goodToo = RunAsync(scheduler, model.Longs(9));

        (await good.WaitAsync(cancellationToken)).Should().Equal("[1] 7");
        (await goodToo.WaitAsync(cancellationToken)).Should().Equal("[1] 9");
        await bad.Invoking(call => call.WaitAsync(cancellationToken)).Should().ThrowAsync<OnnxRuntimeException>();
    }

    [Test]
    public async Task A_model_that_gives_other_rows_than_it_takes_is_answered_call_by_call(CancellationToken cancellationToken)
    {
        using var model = new LoadedModel(TestModels.Total());
        using var scheduler = model.Schedule(ThreeTogether, maxDelay: TimeSpan.FromMinutes(1));

        var answers = await RunAsync(scheduler, model.Floats([1], 1), model.Floats([2], 2, 3)).WaitAsync(cancellationToken);

        answers.Should().Equal("[1] 1", "[1] 5");
    }

    [Test]
    public async Task A_call_past_its_deadline_is_not_run(CancellationToken cancellationToken)
    {
        using var model = new LoadedModel(TestModels.Double());
        using var scheduler = model.Schedule(new ExecutionPlan());
        using var gone = new CancellationTokenSource();
        using var call = model.Floats([1, 3], 1, 2, 3);
        using var deadline = LoadedModel.Deadline(gone.Token);
        await gone.CancelAsync();

        await scheduler.Invoking(each => each.RunAsync(call, deadline).AsTask().WaitAsync(cancellationToken)).Should().ThrowAsync<OperationCanceledException>();

        model.Costs.SecondsPerRow.Should().Be(double.NaN);
    }

    [Test]
    public async Task A_small_model_runs_on_the_callers_thread()
    {
        using var model = new LoadedModel(TestModels.Double(width: 1));
        using var scheduler = model.Schedule(new ExecutionPlan { Execution = Execution.Inline });
        model.Costs.Learn(TimeSpan.FromMicroseconds(3), rows: 1, calls: 1);
        using var call = model.Floats([1, 1], 5);
        using var deadline = LoadedModel.Deadline();

        var running = scheduler.RunAsync(call, deadline);

        running.IsCompletedSuccessfully.Should().BeTrue();
        using var result = await running;
        LoadedModel.Show(result.Output(0)).Should().Be("[1,1] 10");
    }

    private static async Task<IReadOnlyList<string>> RunAsync(CallScheduler scheduler, params InferCall[] calls)
    {
        using var deadline = LoadedModel.Deadline();
        var running = calls.Select(call => scheduler.RunAsync(call, deadline).AsTask()).ToList();
        var answers = new List<string>();
        for (var i = 0; i < calls.Length; i++)
        {
            using (calls[i])
            {
                using var result = await running[i];
                answers.Add(LoadedModel.Show(result.Output(0)));
            }
        }

        return answers;
    }
}
