using System.Collections.Concurrent;
using Slipway.DevCluster;
using Slipway.DevCluster.ApiServer.Http;
using Slipway.DevCluster.Nodes;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The one cluster of this assembly's tests, and what the operator asked of its API server.</summary>
internal static class TestCluster
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static Cluster? _cluster;
    private static string? _brokenModels;

    /// <summary>Kubeconfig of a cluster of others, with Slipway installed, that the tests are to use; null when they start one.</summary>
    public static string? Other { get; } = Environment.GetEnvironmentVariable("SLIPWAY_TEST_KUBECONFIG") is { Length: > 0 } path ? path : null;

    /// <summary>Where pods find what <c>samples/fraud-detection/models</c> holds.</summary>
    public static string Models { get; } = Environment.GetEnvironmentVariable("SLIPWAY_TEST_MODELS") is { Length: > 0 } uri ? uri.TrimEnd('/') : "file:///models";

    public static string Kubeconfig => Other ?? Running.KubeconfigPath;

    /// <summary>Where the operator tells its metrics.</summary>
    public static Uri Operator => Running.OperatorAddress ?? throw new InvalidOperationException("No operator runs.");

    /// <summary>Every request to the API server so far, in order.</summary>
    public static ConcurrentQueue<ObservedRequest> Requests { get; } = new();

    /// <summary>Folder of models that cannot be served: <c>garbage</c> is no ONNX file, <c>tampered</c> is not what its SHA256SUMS says, <c>overwritten</c> is good until a test overwrites it.</summary>
    public static string BrokenModels => _brokenModels ?? throw new InvalidOperationException("The cluster has not started.");

    private static Cluster Running => _cluster ?? throw new InvalidOperationException("The cluster has not started.");

    public static async Task StartAsync()
    {
        if (Other is not null)
        {
            await HasSlipwayAsync();
            return;
        }

        _brokenModels = await MakeBrokenModelsAsync();
        using var limit = new CancellationTokenSource(StartLimit);
        _cluster = await Cluster.StartAsync(
            new()
            {
                // A minute of figures and a look every 15 seconds are too slow to wait for.
                Node = node => node with { MetricsPeriod = TimeSpan.FromSeconds(1), MetricsWindow = TimeSpan.FromSeconds(5) },
                Autoscaling = new() { SyncPeriod = TimeSpan.FromSeconds(1) },
                Mounts = [HostMount.Parse($"{Repository.Sample("fraud-detection/models")}=/models"), HostMount.Parse($"{_brokenModels}={_brokenModels}")],
            },
            limit.Token);
        _cluster.ApiServer.RequestObserved += Requests.Enqueue;
        AllAsked.Collect(_cluster);
    }

    public static async Task RestartOperatorAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        await Running.RestartOperatorAsync(limit.Token);
    }

    /// <summary>Requests of the operator about one namespace, as <c>METHOD path</c>; watches are opened once for all namespaces and are not among them.</summary>
    public static IEnumerable<string> OperatorRequests(string @namespace, int from) => Requests.Skip(from)
        .Where(request => request.UserAgent.StartsWith("slipway-operator", StringComparison.Ordinal))
        .Where(request => request.Path.Contains($"/namespaces/{@namespace}/", StringComparison.Ordinal))
        .Select(request => $"{request.Verb} {request.Path}");

    /// <summary>Those among them that change something.</summary>
    public static IEnumerable<string> OperatorWrites(string @namespace, int from) =>
        OperatorRequests(@namespace, from).Where(request => !request.StartsWith("GET ", StringComparison.Ordinal));

    /// <summary>Puts the files of a version of the sample into a folder, over those that are there.</summary>
    public static void CopyVersion(string version, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Repository.Sample($"fraud-detection/models/fraud-detector/{version}")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
    }

    public static async Task StopAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_brokenModels is not null)
        {
            Directory.Delete(_brokenModels, recursive: true);
        }
    }

    private static async Task HasSlipwayAsync()
    {
        var found = await new Kubectl(Kubeconfig, "default").TryAsync("wait", "--for=condition=Established", "crd/modeldeployments.slipway.dev", "--timeout=30s");
        if (found.ExitCode != 0)
        {
            throw new InvalidOperationException($"The cluster that SLIPWAY_TEST_KUBECONFIG names ({Other}) serves no ModelDeployments; install charts/slipway there first. {found.Error}");
        }
    }

    private static async Task<string> MakeBrokenModelsAsync()
    {
        var root = Directory.CreateTempSubdirectory("slipway-broken-models-").FullName;
        foreach (var name in new[] { "garbage", "tampered" })
        {
            Directory.CreateDirectory(Path.Combine(root, name, "1"));
            await File.WriteAllTextAsync(Path.Combine(root, name, "1", "model.onnx"), "this is no ONNX model");
        }

        await File.WriteAllTextAsync(Path.Combine(root, "tampered", "1", "SHA256SUMS"), $"{new string('0', 64)}  model.onnx\n");
        CopyVersion("1", Path.Combine(root, "overwritten", "1"));
        return root;
    }
}
