using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Inference;

[CancelAfter(60_000)]
internal sealed class InferenceGateTests
{
    private ModelFolder? _folder;
    private ModelSession? _session;

    private ModelSession Session => _session ?? throw new AssertionException("The model is not loaded.");

    [SetUp]
    public void Load()
    {
        _folder = new ModelFolder().WithModel(TestModels.Counting());
        _session = ModelSession.Load(Path.Combine(_folder.Path, "1", "model.onnx"), intraOpThreads: 1, interOpThreads: 1);
    }

    [TearDown]
    public void Unload()
    {
        _session?.Dispose();
        _folder?.Dispose();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_run_that_would_never_end_is_ended_when_it_is_cancelled(bool inline, CancellationToken cancellationToken)
    {
        var gate = Gate(inline);
        using var call = Count(long.MaxValue);
        using var stop = new CancellationTokenSource();

        gate.RunsInline(call).Should().Be(inline);
        var run = Task.Run(async () => await gate.RunAsync(call, stop.Token), cancellationToken);
        await stop.CancelAsync();

        await run.Invoking(ended => ended.WaitAsync(cancellationToken)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Calls_that_cost_more_than_expected_queue_until_they_are_light_again(CancellationToken cancellationToken)
    {
        var gate = Gate(inline: true);
        using var heavy = Count(1_000_000);
        using var light = Count(1);

        (await gate.RunAsync(heavy, cancellationToken)).Dispose();
        var afterHeavy = gate.RunsInline(light);
        while (!gate.RunsInline(light))
        {
            (await gate.RunAsync(light, cancellationToken)).Dispose();
        }

        afterHeavy.Should().BeFalse();
    }

    private InferenceGate Gate(bool inline)
    {
        var gate = new InferenceGate(Session, permits: 1, InferenceGate.InlineLimit);
        Session.DisposeWith(gate);
        if (inline)
        {
            gate.Learn(TimeSpan.Zero, elements: 1);
        }

        return gate;
    }

    private InferCall Count(long to)
    {
        var call = Session.Rent();
        call.Prepare(0, [1], 1).Elements<long>()[0] = to;
        return call;
    }
}
