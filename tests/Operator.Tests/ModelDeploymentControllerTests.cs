using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api;
using Slipway.Operator.Upgrades;
using Slipway.Runtime;

namespace Slipway.Operator.Tests;

internal sealed class ModelDeploymentControllerTests
{
    private readonly ModelDeployment _model = A.Model();
    private Api _api = null!;
    private Warnings _warnings = null!;
    private Cluster _cluster = null!;

    [SetUp]
    public void Create()
    {
        (_api, _warnings, _cluster) = (new(), new(), new());
        _cluster.Deployments.Add(A.Deployment(_model));
    }

    [TearDown]
    public void Dispose() => _cluster.Dispose();

    [Test]
    public async Task A_turn_in_which_reconciles_fail_is_told_once_and_ends_when_one_succeeds()
    {
        var queue = Queue(_model.Key());
        _api.Fault = new InvalidOperationException("500");

        await ReconcileAsync(queue).Should().ThrowExactlyAsync<InvalidOperationException>();
        await ReconcileAsync(queue).Should().ThrowExactlyAsync<InvalidOperationException>();
        queue.Count(UpgradeStep.Failed).Should().Be(1);
        _warnings.Told.Should().ContainSingle().Which.Should().StartWith("payments/fraud-detector is in trouble");

        _api.Fault = null;
        await ReconcileAsync(queue)();
        queue.HasTurn(_model.Key()).Should().BeFalse();
        queue.Count(UpgradeStep.Failed).Should().Be(0);
    }

    [Test]
    public async Task A_reconcile_that_fails_with_no_turn_holds_up_nobody()
    {
        var (queue, other) = (Queue(), new ObjectKey("shipping", "other"));
        _api.Fault = new InvalidOperationException("500");

        await ReconcileAsync(queue).Should().ThrowAsync<InvalidOperationException>();
        queue.Report(other, UpgradeStep.Waiting);

        queue.HasTurn(other).Should().BeTrue();
        _warnings.Told.Should().BeEmpty();
    }

    private static IEnumerable<Exception> NoFaults() => [new ConflictException("409"), new NotLeaderException("lost"), new OperationCanceledException()];

    [TestCaseSource(nameof(NoFaults))]
    public async Task What_is_no_fault_of_the_model_leaves_its_turn_as_it_is(Exception thrown)
    {
        var queue = Queue(_model.Key());
        _api.Fault = thrown;

        using var stop = new CancellationTokenSource();
        if (thrown is OperationCanceledException)
        {
            await stop.CancelAsync();
        }

        (await ReconcileAsync(queue, stop.Token).Should().ThrowAsync<Exception>()).Which.Should().BeSameAs(thrown);
        queue.Count(UpgradeStep.UnderWay).Should().Be(1);
        _warnings.Told.Should().BeEmpty();
    }

    /// <summary>Its turns are of an earlier process.</summary>
    private UpgradeQueue Queue(params ObjectKey[] turns) => new(2, () => turns, _warnings);

    private Func<Task> ReconcileAsync(UpgradeQueue queue, CancellationToken cancellationToken = default) => () => new ModelDeploymentController(
        _cluster.Observer(queue),
        _api,
        _api,
        new(_api),
        queue,
        _cluster.Drift,
        new() { Kubernetes = new(), ServerImage = A.ServerImage },
        TimeProvider.System,
        NullLogger<ModelDeploymentController>.Instance).ReconcileAsync(_model, cancellationToken);

    /// <summary>Takes every write, or answers each with the same fault.</summary>
    private sealed class Api : IObjectApplier, IStatusWriter, IEventRecorder
    {
        public Exception? Fault { get; set; }

        public Task<ApplyResult> ApplyAsync<TOwner>(TOwner owner, IReadOnlyList<IKubernetesObject<V1ObjectMeta>> desired, CancellationToken cancellationToken)
            where TOwner : class, IKubernetesObject<V1ObjectMeta> =>
            Fault is { } fault ? Task.FromException<ApplyResult>(fault) : Task.FromResult(new ApplyResult([], 0, 0));

        public Task HandOverAsync<TOwner, TChild>(TOwner owner, ObjectKey child, IReadOnlyList<string> path, string manager, CancellationToken cancellationToken)
            where TOwner : class, IKubernetesObject<V1ObjectMeta>
            where TChild : class, IKubernetesObject<V1ObjectMeta> => Task.CompletedTask;

        public Task WriteAsync<TEntity>(TEntity cached, object status, CancellationToken cancellationToken)
            where TEntity : class, IKubernetesObject<V1ObjectMeta> => Task.CompletedTask;

        public void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message)
        {
        }

        public void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message)
        {
        }
    }

    private sealed class Warnings : ILogger<UpgradeQueue>
    {
        public List<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Told.Add(formatter(state, exception));
    }
}
