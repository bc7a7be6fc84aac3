using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.DevCluster.Nodes.Metrics;
using Slipway.DevCluster.Nodes.Pods;
using Slipway.DevCluster.Nodes.Processes;
using Slipway.Runtime;

namespace Slipway.DevCluster.Nodes;

/// <summary>Puts the node together: the Node object and the kubelet.</summary>
internal static class NodeHost
{
    public const string UserAgent = "slipway-dev-kubelet";
    private const int AddressSpace = 0xFFFE;

    /// <summary>Not started yet.</summary>
    public static IHost Build(KubernetesClientConfiguration configuration, NodeOptions options, Namespaces namespaces)
    {
        var builder = ClientHost.Builder(configuration);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services
            .AddSingleton(options)
            .AddSingleton(namespaces)
            // Clusters on one machine share its loopback addresses: each begins elsewhere.
            .AddSingleton(new PodAddresses(System.Environment.ProcessId * 61 % AddressSpace))
            .AddSingleton(ProbeClient())
            .AddSingleton<INodeObjects, ApiNodeObjects>()
            .AddSingleton<IPodReporter, ApiPodReporter>()
            .AddSingleton<NodeServices>()
            .AddSingleton<Kubelet>()
            .AddSingleton<MetricsClient>()
            .AddSingleton<PodMeter>()
            .AddHostedService(provider => provider.GetRequiredService<PodMeter>())
            .AddHostedService<NodeRegistration>();
        builder.Services.AddKubernetesRuntime(runtime =>
            {
                runtime.FieldManager = "kubelet";
                runtime.EventSource = "kubelet";
            })
            .AddInformer<V1Pod>()
            .AddInformer<V1ConfigMap>()
            .AddInformer<V1Secret>()
            .AddInformer<V1Service>();
        // Last, so that it stops first, while its informers still run.
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Kubelet>());
        return builder.Build();
    }

    private static HttpClient ProbeClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        // A probe asks whether the pod answers, not who it is: kubelets accept self-signed certificates too.
        SslOptions = new() { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
