using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;
using Slipway.Runtime;

namespace Slipway.DevCluster.Tests.Controllers.HorizontalPodAutoscalers;

/// <summary>Against a real API server, with a Deployment of which the test plays everybody else.</summary>
[CancelAfter(60_000)]
internal sealed class HorizontalPodAutoscalerControllerTests
{
    private const string Namespace = "default";

    private readonly MeasuredPods _measured = new();
    private readonly Recorder _events = new();
    private readonly Store _store = new();
    private FakeTimeProvider _clock = null!;
    private ApiServerHost _host = null!;
    private Kubernetes _api = null!;
    private HorizontalPodAutoscalerController _controller = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _clock = new(A.Now);
        _events.Told.Clear();
        _measured.Value = null;
        _host = await ApiServerHost.StartAsync(new ApiServerOptions { PodMetrics = _measured }, CancellationToken.None);
        _api = new(_host.ClientConfiguration(""));
        var call = new ApiCall(_api);
        _controller = new(_api, new(call), new(new MetricsReader(call)), _store, _events, new(), _clock);
        await _api.CoreV1.CreateNamespacedServiceAccountAsync(new() { Metadata = new() { Name = "default" } }, Namespace);
        await _api.AppsV1.CreateNamespacedDeploymentAsync(
            new()
            {
                Metadata = new() { Name = "web" },
                Spec = new() { Replicas = 2, Selector = new() { MatchLabels = Labels }, Template = new() { Metadata = new() { Labels = Labels }, Spec = Containers() } },
            },
            Namespace);
        await PodAsync("a");
        await PodAsync("b");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _api.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task The_target_is_scaled_by_its_figures_and_every_change_is_told()
    {
        var autoscaler = await AutoscalerAsync("web");
        _measured.Value = 3;

        var next = await _controller.ReconcileAsync(autoscaler, CancellationToken.None);

        next.Should().Be(Result.After(TimeSpan.FromSeconds(15)));
        (await ReplicasAsync()).Should().Be(4, "each of two pods has 3 requests under way, and the target is 1.5");
        var status = (await ReadAsync()).Status;
        (status.CurrentReplicas, status.DesiredReplicas).Should().Be((2, 4));
        status.LastScaleTime.Should().Be(A.Now.UtcDateTime);
        status.CurrentMetrics.Single().Pods.Current.AverageValue.ToString().Should().Be("3");
        status.Conditions.Select(condition => $"{condition.Type} {condition.Status} {condition.Reason}: {condition.Message}").Should().Equal(
            "AbleToScale True SucceededRescale: the HPA controller was able to update the target scale to 4",
            "ScalingActive True ValidMetricFound: the HPA was able to successfully calculate a replica count from pods metric slipway_concurrency",
            "ScalingLimited False DesiredWithinRange: the desired count is within the acceptable range");
        _events.Told.Should().Equal("Normal SuccessfulRescale New size: 4; reason: pods metric slipway_concurrency above target");
    }

    [Test]
    public async Task Between_two_looks_nothing_is_done_and_the_way_down_waits()
    {
        await AutoscalerAsync("web");
        _measured.Value = 3;
        await _controller.ReconcileAsync(await ReadAsync(), CancellationToken.None);

        _measured.Value = 0;
        _clock.Advance(TimeSpan.FromSeconds(5));
        (await _controller.ReconcileAsync(await ReadAsync(), CancellationToken.None)).Should().Be(Result.After(TimeSpan.FromSeconds(10)));
        (await ReadAsync()).Status.CurrentMetrics.Single().Pods.Current.AverageValue.ToString().Should().Be("3");

        _clock.Advance(TimeSpan.FromSeconds(10));
        await _controller.ReconcileAsync(await ReadAsync(), CancellationToken.None);
        (await ReplicasAsync()).Should().Be(4);
        Condition(await ReadAsync(), "AbleToScale").Reason.Should().Be("ScaleDownStabilized");

        _clock.Advance(TimeSpan.FromMinutes(5));
        await _controller.ReconcileAsync(await ReadAsync(), CancellationToken.None);
        (await ReplicasAsync()).Should().Be(1);
        _events.Told.Should().EndWith("Normal SuccessfulRescale New size: 1; reason: All metrics below target");
    }

    [Test]
    public async Task Without_a_figure_the_number_stays_and_the_reason_is_told()
    {
        await _controller.ReconcileAsync(await AutoscalerAsync("web"), CancellationToken.None);

        (await ReplicasAsync()).Should().Be(2);
        Condition(await ReadAsync(), "ScalingActive").Should().BeEquivalentTo(new
        {
            Status = "False",
            Reason = "FailedGetPodsMetric",
            Message = "the HPA was unable to compute the replica count: unable to get metric slipway_concurrency: no metrics returned from custom metrics API",
        });
        _events.Told.Should().Equal(
            "Warning FailedGetPodsMetric unable to get metric slipway_concurrency: no metrics returned from custom metrics API",
            "Warning FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get pods metric value: "
            + "unable to get metric slipway_concurrency: no metrics returned from custom metrics API");
    }

    [Test]
    public async Task A_target_that_is_not_there_is_told()
    {
        await _controller.ReconcileAsync(await AutoscalerAsync("nobody"), CancellationToken.None);

        Condition(await ReadAsync(), "AbleToScale").Should().BeEquivalentTo(new
        {
            Status = "False",
            Reason = "FailedGetScale",
            Message = "the HPA controller was unable to get the target's current scale: deployments.apps \"nobody\" not found",
        });
    }

    private static Dictionary<string, string> Labels => new() { ["app"] = "web" };

    private static V1PodSpec Containers() => new() { Containers = [new() { Name = "main", Image = "i" }] };

    private static V2HorizontalPodAutoscalerCondition Condition(V2HorizontalPodAutoscaler autoscaler, string type) =>
        autoscaler.Status.Conditions.Single(condition => condition.Type == type);

    private async Task PodAsync(string name)
    {
        await _api.CoreV1.CreateNamespacedPodAsync(new() { Metadata = new() { Name = name, Labels = Labels }, Spec = Containers() }, Namespace);
        await _api.CoreV1.PatchNamespacedPodStatusAsync(new V1Patch("""{"status":{"phase":"Running"}}""", V1Patch.PatchType.MergePatch), name, Namespace);
    }

    private async Task<V2HorizontalPodAutoscaler> AutoscalerAsync(string target)
    {
        var made = await _api.AutoscalingV2.CreateNamespacedHorizontalPodAutoscalerAsync(
            new()
            {
                Metadata = new() { Name = "web" },
                Spec = new()
                {
                    ScaleTargetRef = new() { ApiVersion = "apps/v1", Kind = "Deployment", Name = target },
                    MaxReplicas = 6,
                    Metrics = [new() { Type = "Pods", Pods = new() { Metric = new() { Name = "slipway_concurrency" }, Target = new() { Type = "AverageValue", AverageValue = new("1500m") } } }],
                },
            },
            Namespace);
        _store.Known = [made];
        return made;
    }

    private Task<V2HorizontalPodAutoscaler> ReadAsync() => _api.AutoscalingV2.ReadNamespacedHorizontalPodAutoscalerAsync("web", Namespace);

    private async Task<int?> ReplicasAsync() => (await _api.AppsV1.ReadNamespacedDeploymentAsync("web", Namespace)).Spec.Replicas;

    /// <summary>Every pod has the same figure; null for none.</summary>
    private sealed class MeasuredPods : IPodMetrics
    {
        public double? Value { get; set; }

        public IReadOnlyList<string> Figures => ["slipway_concurrency"];

        public PodFigure? Figure(string uid, string name) => Value is { } value ? new(value, A.Now, TimeSpan.FromMinutes(1)) : null;

        public PodUsage? Usage(string uid) => null;
    }

    private sealed class Recorder : IEventRecorder
    {
        public List<string> Told { get; } = [];

        public void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => Told.Add($"Normal {reason} {message}");

        public void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => Told.Add($"Warning {reason} {message}");
    }

    private sealed class Store : IObjectStore<V2HorizontalPodAutoscaler>
    {
        public IReadOnlyList<V2HorizontalPodAutoscaler> Known { get; set; } = [];

        public V2HorizontalPodAutoscaler? Get(ObjectKey key) => Known.FirstOrDefault(known => known.Key() == key);

        public IReadOnlyList<V2HorizontalPodAutoscaler> List() => Known;

        public IReadOnlyList<V2HorizontalPodAutoscaler> OwnedBy(string uid) => [];

        public IReadOnlyList<V2HorizontalPodAutoscaler> WithLabel(string @namespace, string key, string value) => [];
    }
}
