using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Operator;
using Slipway.Telemetry;

namespace Slipway.DevCluster;

/// <summary>What the hosts of a cluster have in common: clients of the API server, which the cluster starts and stops.</summary>
internal static class ClientHost
{
    public static HostApplicationBuilder Builder(KubernetesClientConfiguration configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>().AddSingleton<IKubernetes>(_ => new Kubernetes(configuration));
        ConsoleLog.AddTo(builder.Logging.SetMinimumLevel(LogLevel.Warning), json: false, scopes: true);
        return builder;
    }
}
