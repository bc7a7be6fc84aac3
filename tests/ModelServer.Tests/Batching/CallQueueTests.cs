using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Batching;

internal sealed class CallQueueTests
{
    private static readonly ExecutionPlan Four = new() { MaxBatchRows = 4 };

    private readonly List<QueuedCall> _taken = [];
    private readonly List<InferCall> _rented = [];
    private LoadedModel _model = null!;

    [SetUp]
    public void Load() => _model = new LoadedModel(TestModels.Identity(OnnxType.Float, -1, -1));

    [TearDown]
    public void Free()
    {
        _rented.ForEach(call => call.Dispose());
        _rented.Clear();
        _model.Dispose();
    }

    [Test]
    public void What_waits_and_fits_is_taken_together_in_its_order()
    {
        var queue = new CallQueue(Four, TimeProvider.System);
        var calls = new[] { Queue(queue, rows: 1), Queue(queue, rows: 2), Queue(queue, rows: 1), Queue(queue, rows: 1) };

        queue.Rows.Should().Be(5);
        Take(queue).Should().Equal(calls[..3]);
        queue.Rows.Should().Be(1);
        Take(queue).Should().Equal(calls[3..]);
        queue.Rows.Should().Be(0);
    }

    [Test]
    public void A_call_of_another_width_keeps_its_place_and_is_first_of_the_next_run()
    {
        var queue = new CallQueue(Four, TimeProvider.System);
        var narrow = Queue(queue, rows: 1);
        var wide = Queue(queue, rows: 1, width: 3);
        var narrowToo = Queue(queue, rows: 1);

        Take(queue).Should().Equal(narrow, narrowToo);
        Take(queue).Should().Equal(wide);
    }

    [Test]
    public void A_call_that_wants_other_outputs_runs_apart()
    {
        var queue = new CallQueue(Four, TimeProvider.System);
        var all = Queue(queue, rows: 1);
        var none = Queue(queue, rows: 1);
        none.Call.Want([]);

        Take(queue).Should().Equal(all);
        Take(queue).Should().Equal(none);
    }

    [Test]
    public void A_call_larger_than_a_batch_runs_alone()
    {
        var queue = new CallQueue(Four, TimeProvider.System);
        var large = Queue(queue, rows: 9);
        var small = Queue(queue, rows: 1);

        Take(queue).Should().Equal(large);
        Take(queue).Should().Equal(small);
    }

    [Test]
    public void Without_batching_each_call_is_taken_by_itself()
    {
        var queue = new CallQueue(new ExecutionPlan(), TimeProvider.System);
        var calls = new[] { Queue(queue, rows: 1), Queue(queue, rows: 1) };

        Take(queue).Should().Equal(calls[0]);
        Take(queue).Should().Equal(calls[1]);
    }

    [Test]
    public async Task A_call_that_is_abandoned_while_it_waits_leaves_at_once()
    {
        var queue = new CallQueue(Four, TimeProvider.System);
        var gone = Queue(queue, rows: 1);
        var kept = Queue(queue, rows: 1);

        queue.Abandon(gone);

        Take(queue).Should().Equal(kept);
        await gone.Invoking(call => call.Task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public void A_run_is_ended_once_none_of_its_calls_is_waited_for()
    {
        var queue = new CallQueue(Four, TimeProvider.System);
        var calls = new[] { Queue(queue, rows: 1), Queue(queue, rows: 1) };
        using var batch = queue.Take(_taken)!;

        queue.Abandon(calls[0]);
        queue.Abandon(calls[0]);
        var afterOne = batch.Options.Terminate;
        queue.Abandon(calls[1]);

        afterOne.Should().BeFalse();
        batch.Options.Terminate.Should().BeTrue();
    }

    [Test]
    public void The_delay_is_asked_for_anew_whenever_a_call_is_taken()
    {
        var (asked, delay) = (0, TimeSpan.FromHours(1));
        var queue = new CallQueue(Four, TimeProvider.System, () => ++asked > 0 ? delay : default);
        var four = Queue(queue, rows: 4);
        Take(queue).Should().Equal(four);
        delay = TimeSpan.Zero;
        var two = Queue(queue, rows: 2);

        Take(queue).Should().Equal([two], "nobody is waited for any more");
        asked.Should().Be(2);
    }

    [Test]
    public async Task A_call_that_cannot_join_those_that_are_waited_for_goes_to_another_worker()
    {
        var queue = new CallQueue(Four, TimeProvider.System, () => TimeSpan.FromHours(1));
        var first = Queue(queue, rows: 1);
        var (waiting, idle) = (Start(queue), Start(queue));

        var wide = Queue(queue, rows: 4, width: 3);
        var taken = await Task.WhenAny(waiting, idle).WaitAsync(TimeSpan.FromMinutes(1));
        (await taken).Should().Equal([wide], "the other worker still waits for company");
        queue.Close();

        (await (taken == waiting ? idle : waiting)).Should().Equal(first);
    }

    [Test]
    public void A_closed_queue_gives_out_what_waits_and_then_nothing()
    {
        var queue = new CallQueue(Four, TimeProvider.System);
        var last = Queue(queue, rows: 1);
        queue.Close();

        Take(queue).Should().Equal(last);
        queue.Take(_taken).Should().BeNull();
    }

    private QueuedCall Queue(CallQueue queue, int rows, int width = 2)
    {
        var call = _model.Floats([rows, width], new float[rows * width]);
        _rented.Add(call);
        var queued = new QueuedCall(call, LoadedModel.Deadline(), TimeProvider.System.GetTimestamp());
        queue.Add(queued);
        return queued;
    }

    /// <summary>A worker that takes once; it waits for work or for company when this returns.</summary>
    private static Task<List<QueuedCall>> Start(CallQueue queue)
    {
        var taken = new List<QueuedCall>();
        var done = new TaskCompletionSource<List<QueuedCall>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var worker = new Thread(() =>
        {
            using var batch = queue.Take(taken);
            done.SetResult(taken);
        });
        worker.Start();
        SpinWait.SpinUntil(() => worker.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromMinutes(1)).Should().BeTrue();
        return done.Task;
    }

    private List<QueuedCall> Take(CallQueue queue)
    {
        using var batch = queue.Take(_taken);
        queue.End(batch!, _taken);
        return [.. _taken];
    }
}
