using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.Api.Crd;
using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.Controllers;
using Slipway.DevCluster.Nodes;
using Slipway.DevCluster.Nodes.Metrics;
using Slipway.DevCluster.Nodes.Processes;
using Slipway.DevCluster.Proxy;
using Slipway.DevCluster.StatusPage;
using Slipway.Runtime;

namespace Slipway.DevCluster;

/// <summary>A whole cluster in this process: API server, controllers, node, Service proxy and operator. Its disposal leaves no process behind.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(50);

    private readonly ClusterOptions _options;
    private readonly string _data;
    private readonly List<IHost> _hosts = [];
    private readonly KubeletLogs _logs = new();
    private readonly KubeletMetrics _metrics = new();
    private ApiServerHost? _server;
    private WebApplication? _page;
    private IHost? _operator;

    private Cluster(ClusterOptions options)
    {
        _options = options;
        _data = Path.GetFullPath(options.DataDirectory ?? Directory.CreateTempSubdirectory("slipway-dev-").FullName);
        KubeconfigPath = Path.GetFullPath(options.KubeconfigPath ?? Path.Combine(_data, "kubeconfig"));
    }

    public string KubeconfigPath { get; }

    /// <summary>Where the operator tells its metrics and health; null while none runs that listens.</summary>
    public Uri? OperatorAddress => _operator is WebApplication app ? new(app.Urls.First()) : null;

    /// <summary>Where the status page is; null when none is shown.</summary>
    public Uri? PageAddress => _page is null ? null : new(_page.Urls.First());

    public ApiServerHost ApiServer => _server ?? throw new InvalidOperationException("The cluster has not started.");

    /// <summary>Starts everything; the API server answers and the operator's definitions are established when this returns.</summary>
    /// <exception cref="InvalidOperationException">This machine or user cannot run pods.</exception>
    /// <exception cref="IOException">The port is taken, or the data directory cannot be written.</exception>
    public static async Task<Cluster> StartAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        var namespaces = options.WithNode ? await Namespaces.DetectAsync(cancellationToken) : null;
        var cluster = new Cluster(options);
        try
        {
            await cluster.StartAsync(namespaces, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of its own, to be disposed by the caller.</summary>
    public Kubernetes Client(string userAgent) => new(ApiServer.ClientConfiguration(userAgent));

    /// <summary>Stops the operator and starts another, as a new pod of it would.</summary>
    public async Task RestartOperatorAsync(CancellationToken cancellationToken)
    {
        await StopOperatorAsync(cancellationToken);
        await StartOperatorAsync(cancellationToken);
    }

    /// <summary>Stops the API server as a crash would and starts it again at its address, with its data.</summary>
    /// <param name="away">Runs while there is no server; it is given the data.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public async Task RestartApiServerAsync(Func<ObjectStore, Task> away, CancellationToken cancellationToken)
    {
        var port = ApiServer.Address.Port;
        var state = await ApiServer.StopAsync();
        _server = null;
        await away(state.Store);
        _server = await StartServerAsync(new() { Port = port, State = state }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopOperatorAsync(CancellationToken.None);
        // The node first: what it ends it still reports.
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_options.DataDirectory is null && Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    private async Task StartAsync(Namespaces? namespaces, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_data);
        Say("Starting the API server.");
        _server = await StartServerAsync(new() { Port = _options.Port }, cancellationToken);
        _server.WriteKubeconfig(KubeconfigPath);
        await RunAsync(ControllersHost.Build(_server.ClientConfiguration(ControllersHost.UserAgent), Authority(), _options.Autoscaling), cancellationToken);
        await WaitForAccountAsync(cancellationToken);
        if (namespaces is not null)
        {
            Say("Starting the node.");
            await RunAsync(ProxyHost.Build(_server.ClientConfiguration(ProxyHost.UserAgent)), cancellationToken);
            var node = NodeHost.Build(_server.ClientConfiguration(NodeHost.UserAgent), Node(_server), namespaces);
            _logs.Attach(node.Services.GetRequiredService<Kubelet>(), node.Services.GetRequiredService<IObjectStore<V1Pod>>());
            _metrics.Attach(node.Services.GetRequiredService<PodMeter>());
            await RunAsync(node, cancellationToken);
        }

        if (_options.Operator is not null)
        {
            Say("Starting the operator.");
            await DefineAsync(cancellationToken);
            await StartOperatorAsync(cancellationToken);
        }

        if (_options.PagePort is { } port)
        {
            _page = StatusPageHost.Build(_server.ClientConfiguration(StatusPageHost.UserAgent), port);
            await RunAsync(_page, cancellationToken);
        }
    }

    private Task<ApiServerHost> StartServerAsync(ApiServerOptions options, CancellationToken cancellationToken)
    {
        options = options with { PodLogs = _logs, PodMetrics = _options.WithNode ? _metrics : null, AuditLog = _options.AuditLog };
        return ApiServerHost.StartAsync(_options.Server?.Invoke(options) ?? options, cancellationToken);
    }

    private NodeOptions Node(ApiServerHost server)
    {
        var node = new NodeOptions
        {
            RunDirectory = Path.Combine(_data, "node"),
            Images = new(_options.Images ?? OperatorComposition.DefaultImages()),
            Mounts = _options.Mounts,
            ApiServer = server.Address,
        };
        return _options.Node?.Invoke(node) ?? node;
    }

    private string Authority()
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(KubeconfigPath);
        return string.Concat(configuration.SslCaCerts.Select(certificate => certificate.ExportCertificatePem() + "\n"));
    }

    private async Task RunAsync(IHost host, CancellationToken cancellationToken)
    {
        _hosts.Add(host);
        await host.StartAsync(cancellationToken);
    }

    private async Task StartOperatorAsync(CancellationToken cancellationToken)
    {
        _operator = _options.Operator?.Invoke(ApiServer.ClientConfiguration("slipway-operator"));
        await (_operator?.StartAsync(cancellationToken) ?? Task.CompletedTask);
    }

    private async Task StopOperatorAsync(CancellationToken cancellationToken)
    {
        if (_operator is { } running)
        {
            _operator = null;
            await running.StopAsync(cancellationToken);
            running.Dispose();
        }
    }

    /// <summary>Applies the operator's definitions and waits until they are established.</summary>
    private async Task DefineAsync(CancellationToken cancellationToken)
    {
        using var client = Client("slipway-dev");
        var definition = CrdGenerator.Build();
        await client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(definition, cancellationToken: cancellationToken);
        await WaitAsync(() => IsEstablishedAsync(client, definition.Metadata.Name, cancellationToken), $"The definition {definition.Metadata.Name} was not established", cancellationToken);
    }

    /// <summary>Pods are refused until their namespace has its ServiceAccount.</summary>
    private async Task WaitForAccountAsync(CancellationToken cancellationToken)
    {
        using var client = Client("slipway-dev");
        await WaitAsync(
            async () => (await client.CoreV1.ListNamespacedServiceAccountAsync("default", cancellationToken: cancellationToken)).Items.Any(account => account.Metadata.Name == "default"),
            "The default ServiceAccount was not made",
            cancellationToken);
    }

    private static async Task WaitAsync(Func<Task<bool>> done, string failure, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await done())
        {
            if (TimeProvider.System.GetElapsedTime(since) > ReadyLimit)
            {
                throw new TimeoutException($"{failure} within {ReadyLimit.TotalSeconds} s.");
            }

            await Task.Delay(ReadyPoll, cancellationToken);
        }
    }

    private static async Task<bool> IsEstablishedAsync(Kubernetes client, string name, CancellationToken cancellationToken)
    {
        var definition = await client.ApiextensionsV1.ReadCustomResourceDefinitionAsync(name, cancellationToken: cancellationToken);
        return definition.Status?.Conditions?.Any(condition => condition.Type == "Established" && condition.Status == "True") == true;
    }

    private void Say(string text) => _options.Progress?.Invoke(text);
}
