using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.DevCluster;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.EndToEnd.Tests.Support;
using Slipway.Operator;
using Slipway.Operator.Manifests;
using Slipway.Runtime;

namespace Slipway.EndToEnd.Tests.Faults.Support;

/// <summary>
/// A cluster without nodes, in which the operator runs by its production code, and what a test puts between the operator and the API server.
/// Every other client is served as ever. A model has converged when the lack of a node for its pods is all that is missing.
/// </summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    public const string Namespace = "default";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>How many requests a failure tells.</summary>
    private const int LastCalls = 60;

    private readonly ConcurrentQueue<OperatorCall> _calls = new();
    private readonly Action<KubernetesRuntimeOptions>? _configure;
    private CancellationTokenSource _watches = new();
    private volatile Fault _fault = Trouble.None;
    private Cluster _cluster = null!;
    private Kubernetes _client = null!;

    private FaultCluster(Action<KubernetesRuntimeOptions>? configure) => _configure = configure;

    public JumpingClock Clock { get; } = new();

    /// <summary>What the operator asked so far, in order.</summary>
    public IReadOnlyList<OperatorCall> Calls => [.. _calls];

    public ObjectKey Lease { get; } = new(Namespace, "slipway-operator");

    /// <param name="configure">Changes the runtime of the operator; it waits 20 to 200 ms between two lists or watches that fail.</param>
    /// <param name="connect">Changes how the operator reaches the API server; null leaves that.</param>
    public static async Task<FaultCluster> StartAsync(
        Action<KubernetesRuntimeOptions>? configure = null, Action<KubernetesClientConfiguration>? connect = null)
    {
        var cluster = new FaultCluster(configure);
        using var limit = new CancellationTokenSource(Limit);
        cluster._cluster = await Cluster.StartAsync(
            new()
            {
                WithNode = false,
                Server = server => server with { Intercept = cluster.InterceptAsync },
                Operator = configuration =>
                {
                    connect?.Invoke(configuration);
                    return cluster.BuildOperator(configuration);
                },
            },
            limit.Token);
        cluster._client = cluster._cluster.Client("fault-tests");
        return cluster;
    }

    /// <summary>Its changes, or attempts at them, from a place in <see cref="Calls"/> on; not those of the Lease.</summary>
    public IReadOnlyList<OperatorCall> Writes(int from) => [.. _calls.Skip(from).Where(call => call.IsWrite && !call.IsLease)];

    /// <summary>Paths of the lists that it was given, from a place on; a kind that is not installed is asked for again and again, in vain.</summary>
    public IReadOnlyList<string> Lists(int from) => [.. _calls.Skip(from).Where(call => call is { IsList: true, Code: 200 }).Select(call => call.Path)];

    /// <summary>From now on this becomes of the operator's requests.</summary>
    public void Break(Fault fault) => _fault = fault;

    public void Heal() => _fault = Trouble.None;

    /// <summary>Cuts every watch of the operator that is open.</summary>
    public void DropWatches() => Interlocked.Exchange(ref _watches, new()).Cancel();

    public Task RestartApiServerAsync(Func<ObjectStore, Task> away) => _cluster.RestartApiServerAsync(away, CancellationToken.None);

    public Uri Address => _cluster.ApiServer.Address;

    public Task CreateModelAsync(string name, int replicas = 1) =>
        _client.CustomObjects.CreateNamespacedCustomObjectAsync(
            Yaml.Parse(Manifest.Of(name, replicas: replicas))!, ModelDeployment.GroupName, ModelDeployment.VersionName, Namespace, ModelDeployment.Plural);

    public Task ScaleModelAsync(string name, int replicas) => PatchAsync(name, new() { ["spec"] = new JsonObject { ["replicas"] = replicas } });

    /// <summary>Has the operator look at a model in which nothing changed that concerns it.</summary>
    public Task TouchModelAsync(string name, string text) =>
        PatchAsync(name, new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["example.com/note"] = text } } });

    public async Task<ModelDeployment> ModelAsync(string name) => KubernetesJson.Deserialize<ModelDeployment>(
        (System.Text.Json.JsonElement)await _client.CustomObjects.GetNamespacedCustomObjectAsync(
            ModelDeployment.GroupName, ModelDeployment.VersionName, Namespace, ModelDeployment.Plural, name));

    public Task<V1Lease> LeaseAsync() => _client.CoordinationV1.ReadNamespacedLeaseAsync(Lease.Name, Lease.Namespace);

    public async Task<IReadOnlyList<Corev1Event>> EventsAsync(string model) =>
        [.. (await _client.CoreV1.ListNamespacedEventAsync(Namespace)).Items.Where(told => told.InvolvedObject.Kind == ModelDeployment.KindName && told.InvolvedObject.Name == model)];

    public Kubernetes Client => _client;

    /// <summary>Makes models of one replica, and waits until they have converged and that is told.</summary>
    public async Task MakeAsync(params string[] models)
    {
        foreach (var model in models)
        {
            await CreateModelAsync(model);
        }

        foreach (var model in models)
        {
            await ConvergesAsync(model);
            await EventuallyAsync(async () => (await EventsAsync(model)).Any(told => told.Reason == Reasons.Unschedulable.Name), () => $"the last event about {model} is told");
        }
    }

    /// <summary>Waits until the API server has the kind, or has it no longer.</summary>
    public Task ServesModelsAsync(bool served) => EventuallyAsync(
        async () =>
        {
            try
            {
                await _client.CustomObjects.ListNamespacedCustomObjectAsync(ModelDeployment.GroupName, ModelDeployment.VersionName, Namespace, ModelDeployment.Plural);
                return served;
            }
            catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
            {
                return !served;
            }
        },
        () => served ? "the kind is served" : "the kind is gone");

    /// <summary>Waits until all children exist and the status tells of this number of pods.</summary>
    public async Task ConvergesAsync(string name, int replicas = 1)
    {
        var missing = "";
        await EventuallyAsync(async () => (missing = await MissingAsync(name, replicas)).Length == 0, () => $"{name} converges: {missing}");
    }

    /// <summary>Waits for a condition; when it stays false, the failure tells what the operator asked last.</summary>
    public Task EventuallyAsync(Func<bool> condition, string what) => EventuallyAsync(() => Task.FromResult(condition()), () => what);

    /// <inheritdoc cref="EventuallyAsync(Func{bool}, string)"/>
    public Task EventuallyAsync(Func<Task<bool>> condition, Func<string> what) =>
        Eventually.TrueAsync(condition, () => $"{what()}; the operator's last requests:\n{string.Join('\n', _calls.Where(call => !call.IsLease && call is not { IsList: true, Code: 404 }).TakeLast(LastCalls))}", Limit);

    public async ValueTask DisposeAsync()
    {
        Heal();
        _client.Dispose();
        await _cluster.DisposeAsync();
        _watches.Dispose();
    }

    private WebApplication BuildOperator(KubernetesClientConfiguration configuration)
    {
        configuration.UserAgent = OperatorHost.UserAgent;
        return OperatorHost.Build(
            new() { Kubernetes = configuration, Listen = new(IPAddress.Loopback, 0), LogLevel = LogLevel.None, Lease = Lease },
            services => services
                .Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock))
                .Configure<KubernetesRuntimeOptions>(runtime =>
                {
                    runtime.InformerBackoffBase = TimeSpan.FromMilliseconds(20);
                    runtime.InformerBackoffCap = TimeSpan.FromMilliseconds(200);
                    _configure?.Invoke(runtime);
                }));
    }

    private async Task InterceptAsync(HttpContext context, Func<Task> answer)
    {
        if (context.Request.Headers.UserAgent != OperatorHost.UserAgent)
        {
            await answer();
            return;
        }

        var call = new OperatorCall(context.Request);
        _calls.Enqueue(call);
        using var cut = call.IsWatch ? _watches.Token.Register(context.Abort) : default;
        try
        {
            await _fault(call, context, answer);
            call.Code = context.Response.StatusCode;
        }
        catch (DevCluster.ApiServer.Errors.StatusException refusal)
        {
            call.Code = refusal.Code;
            throw;
        }
    }

    private async Task<string> MissingAsync(string name, int replicas)
    {
        var model = await ModelAsync(name);
        var status = model.Status;
        var ready = status?.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);
        if (status?.ObservedGeneration != model.Metadata.Generation || status?.Replicas != replicas
            || ready is not { Status: "False", Reason: "Unschedulable" } || ready.ObservedGeneration != model.Metadata.Generation)
        {
            return $"status is {KubernetesJson.Serialize(model)}";
        }

        var children = await ChildrenAsync(model);
        string[] wanted = ["ConfigMap", "ConfigMap", "ControllerRevision", "Deployment", "Service", "Service", "ServiceAccount"];
        var budgets = replicas > 1 ? (string[])["PodDisruptionBudget"] : [];
        return children.SequenceEqual(wanted.Concat(budgets).Order(StringComparer.Ordinal)) ? "" : $"children are {string.Join(", ", children)}";
    }

    private async Task<IReadOnlyList<string>> ChildrenAsync(ModelDeployment model)
    {
        IEnumerable<IKubernetesObject<V1ObjectMeta>> all =
        [
            .. (await _client.CoreV1.ListNamespacedConfigMapAsync(Namespace)).Items.Select(item => Typed(item, "ConfigMap")),
            .. (await _client.AppsV1.ListNamespacedControllerRevisionAsync(Namespace)).Items.Select(item => Typed(item, "ControllerRevision")),
            .. (await _client.AppsV1.ListNamespacedDeploymentAsync(Namespace)).Items.Select(item => Typed(item, "Deployment")),
            .. (await _client.CoreV1.ListNamespacedServiceAsync(Namespace)).Items.Select(item => Typed(item, "Service")),
            .. (await _client.CoreV1.ListNamespacedServiceAccountAsync(Namespace)).Items.Select(item => Typed(item, "ServiceAccount")),
            .. (await _client.PolicyV1.ListNamespacedPodDisruptionBudgetAsync(Namespace)).Items.Select(item => Typed(item, "PodDisruptionBudget")),
        ];
        return [.. all.Where(child => child.ControllerReference()?.Uid == model.Metadata.Uid).Select(child => child.Kind).Order(StringComparer.Ordinal)];
    }

    private static T Typed<T>(T item, string kind)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        item.Kind = kind;
        return item;
    }

    private Task<object> PatchAsync(string name, JsonObject change) => _client.CustomObjects.PatchNamespacedCustomObjectAsync(
        new V1Patch(change, V1Patch.PatchType.MergePatch), ModelDeployment.GroupName, ModelDeployment.VersionName, Namespace, ModelDeployment.Plural, name);
}
