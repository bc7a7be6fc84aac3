using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.Runtime;

namespace Slipway.DevCluster.Proxy;

/// <summary>Puts the Service proxy together.</summary>
internal static class ProxyHost
{
    public const string UserAgent = "slipway-dev-proxy";

    /// <summary>Not started yet.</summary>
    public static IHost Build(KubernetesClientConfiguration configuration)
    {
        var builder = ClientHost.Builder(configuration);
        builder.Services.AddKubernetesRuntime(runtime =>
            {
                runtime.FieldManager = UserAgent;
                runtime.EventSource = UserAgent;
            })
            .AddInformer<V1Service>()
            .AddInformer<V1EndpointSlice>();
        builder.Services.AddHostedService<ServiceProxy>();
        return builder.Build();
    }
}
