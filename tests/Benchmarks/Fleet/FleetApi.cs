extern alias api;
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using api::Slipway.Api;
using api::Slipway.Api.Crd;
using k8s;
using k8s.Models;
using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.ApiServer.Http;

namespace Slipway.Benchmarks.Fleet;

/// <summary>
/// An API server in this process that holds many ModelDeployments, and what it was asked. No controller of Kubernetes runs, so that no pod
/// starts and all time is the operator's and the API server's.
/// </summary>
internal sealed class FleetApi : IAsyncDisposable
{
    public const string Namespace = "fleet";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ApiServerHost _host;
    private readonly ConcurrentQueue<ObservedRequest> _requests = new();
    private int _writes;
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-bench-").FullName;

    private FleetApi(ApiServerHost host)
    {
        _host = host;
        Client = new(host.ClientConfiguration("bench"));
        _host.RequestObserved += request =>
        {
            _requests.Enqueue(request);
            if (IsWrite(request))
            {
                Interlocked.Increment(ref _writes);
            }
        };
        _host.WriteKubeconfig(Kubeconfig);
    }

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    /// <summary>Of whoever plays a part in the cluster beside the client that is measured.</summary>
    public Kubernetes Client { get; }

    /// <summary>Requests so far, watches that still run left out.</summary>
    public int Asked => _requests.Count;

    public static async Task<FleetApi> StartAsync(int models, CancellationToken cancellationToken, int replicas = 2)
    {
        var api = new FleetApi(await ApiServerHost.StartAsync(new(), cancellationToken));
        var client = api.Client;
        await client.CoreV1.CreateNamespaceAsync(new() { Metadata = new() { Name = Namespace } }, cancellationToken: cancellationToken);
        var definition = await client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(CrdGenerator.Build(), cancellationToken: cancellationToken);
        while (definition.Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) != true)
        {
            await Task.Delay(Poll, cancellationToken);
            definition = await client.ApiextensionsV1.ReadCustomResourceDefinitionAsync(definition.Metadata.Name, cancellationToken: cancellationToken);
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, models), cancellationToken, async (number, token) =>
            await client.CustomObjects.CreateNamespacedCustomObjectAsync(
                Model(number, replicas), ModelDeployment.GroupName, ModelDeployment.VersionName, Namespace, ModelDeployment.Plural, cancellationToken: token));
        return api;
    }

    public static string Name(int number) => $"model-{number:D5}";

    public static JsonObject Model(int number, int replicas = 2) => new()
    {
        ["apiVersion"] = $"{ModelDeployment.GroupName}/{ModelDeployment.VersionName}",
        ["kind"] = ModelDeployment.KindName,
        ["metadata"] = new JsonObject { ["name"] = Name(number), ["namespace"] = Namespace },
        ["spec"] = new JsonObject { ["model"] = new JsonObject { ["uri"] = $"s3://acme-models/{Name(number)}", ["version"] = "1" }, ["replicas"] = replicas },
    };

    /// <summary>Merges something into the spec of every model.</summary>
    public Task ChangeAsync(JsonObject spec, int models, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(new JsonObject { ["spec"] = spec }.ToJsonString(), V1Patch.PatchType.MergePatch);
        return Parallel.ForEachAsync(Enumerable.Range(0, models), cancellationToken, async (number, token) =>
            await Client.CustomObjects.PatchNamespacedCustomObjectAsync(
                patch, ModelDeployment.GroupName, ModelDeployment.VersionName, Namespace, ModelDeployment.Plural, Name(number), cancellationToken: token));
    }

    /// <summary>Requests of one client since a number of them had been made.</summary>
    public IReadOnlyList<ObservedRequest> Of(string client, int since = 0) =>
        [.. _requests.Skip(since).Where(request => request.UserAgent.StartsWith(client, StringComparison.Ordinal))];

    public static IReadOnlyList<ObservedRequest> Writes(IEnumerable<ObservedRequest> requests) => [.. requests.Where(IsWrite)];

    private static bool IsWrite(ObservedRequest request) => request.Verb != "GET";

    /// <summary>Waits until a client has written this often, and then nobody wrote anything for a while.</summary>
    /// <exception cref="InvalidOperationException">It did not within ten minutes, or it was refused.</exception>
    public async Task<IReadOnlyList<ObservedRequest>> AtRestAsync(string client, int least, CancellationToken cancellationToken)
    {
        // Looking through all requests all the time would take from the client that is measured.
        var (count, since, began) = (-1, TimeProvider.System.GetTimestamp(), TimeProvider.System.GetTimestamp());
        while (true)
        {
            var now = Volatile.Read(ref _writes);
            if (now != count)
            {
                (count, since) = (now, TimeProvider.System.GetTimestamp());
            }
            else if (TimeProvider.System.GetElapsedTime(since) > Quiet && Writes(Of(client)).Count >= least)
            {
                break;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"{client} wrote {count} times within {Patience}, and not the {least} that were to be expected.");
            }

            await Task.Delay(Poll, cancellationToken);
        }

        var requests = Of(client);
        return requests.FirstOrDefault(request => request.Code >= 400 && request.Code != 404) is { } refused
            ? throw new InvalidOperationException($"{refused.Verb} {refused.Path} was answered with {refused.Code}.")
            : requests;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
