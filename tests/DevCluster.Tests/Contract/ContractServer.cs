using System.Net;
using k8s;
using Microsoft.Extensions.Hosting;
using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.Controllers;
using Slipway.DevCluster.Tests.Contract.Replay;

namespace Slipway.DevCluster.Tests.Contract;

/// <summary>
/// The server under test: the one that <c>SLIPWAY_TEST_KUBECONFIG</c> names, or else an API server of its own in this process, with nothing in it.
/// </summary>
internal sealed class ContractServer : IAsyncDisposable
{
    /// <summary>Where the recorded server took clusterIPs from; cases ask for single addresses in it.</summary>
    private static readonly IPNetwork RecordedServiceAddresses = IPNetwork.Parse("10.96.0.0/16");

    /// <summary>How many times as fast as recorded the server waits: for the end of a watch, and for a version that never comes.</summary>
    private const int Hurry = 2;

    private readonly ApiServerHost? _host;
    private readonly IHost? _controllers;

    private ContractServer(KubernetesClientConfiguration configuration, ApiServerHost? host, IHost? controllers)
    {
        Configuration = configuration;
        _host = host;
        _controllers = controllers;
    }

    /// <summary>True when the suite runs against a server that it did not start.</summary>
    public static bool IsExternal => Kubeconfig is { Length: > 0 };

    public KubernetesClientConfiguration Configuration { get; }

    /// <summary>Compacts the store; null when the server is not ours to compact.</summary>
    public Action? Compact => _host is null ? null : _host.Store.Compact;

    private static string? Kubeconfig => Environment.GetEnvironmentVariable("SLIPWAY_TEST_KUBECONFIG");

    /// <summary>With <paramref name="withControllers"/> dev-cluster's controllers and scheduler run too; a server of others has its own.</summary>
    public static async Task<ContractServer> StartAsync(bool withControllers, CancellationToken cancellationToken)
    {
        if (IsExternal)
        {
            return new ContractServer(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig), null, null);
        }

        ApiServerHost host = await ApiServerHost.StartAsync(new ApiServerOptions { ServiceAddresses = RecordedServiceAddresses, Time = new FastTimers(Hurry) }, cancellationToken);
        if (!withControllers)
        {
            return new ContractServer(host.ClientConfiguration(""), host, null);
        }

        KubernetesClientConfiguration configuration = host.ClientConfiguration(ControllersHost.UserAgent);
        IHost controllers = ControllersHost.Build(configuration, configuration.SslCaCerts.Single().ExportCertificatePem(), new());
        ContractServer server = new(host.ClientConfiguration(""), host, controllers);
        await controllers.StartAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_controllers is not null)
        {
            await _controllers.StopAsync();
            _controllers.Dispose();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
