using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Slipway.Runtime;

/// <summary>Puts the elector in the place of the sole leader.</summary>
internal static class LeaderElectionRegistration
{
    public static void Add(IServiceCollection services, Action<LeaderElectionOptions> configure)
    {
        services.AddOptions<LeaderElectionOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(new ResourceAccess("coordination.k8s.io", "leases", ["get", "create", "update"]) { ForLease = true });
        // A process leads once, so that it tells of that once and counts nothing up.
        services.AddSingleton(new ResourceAccess("", "events", ["create"]) { ForLease = true });
        services.RemoveAll<SoleLeader>();
        services.AddSingleton(provider => new LeaseDeadline(Options(provider).RenewDeadline, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LeaderElector(
            Candidate(provider),
            provider.GetRequiredService<LeaseDeadline>(),
            Options(provider),
            provider.GetRequiredService<IEventRecorder>(),
            provider.GetRequiredService<RuntimeMetrics>().ForLease(Options(provider).LeaseName),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LeaderElector>>()));
        services.Replace(ServiceDescriptor.Singleton<ILeadership>(provider => provider.GetRequiredService<LeaderElector>()));
        services.Replace(ServiceDescriptor.Singleton<ILeaderStatus>(provider => provider.GetRequiredService<LeaderElector>()));
        services.Replace(ServiceDescriptor.Singleton<IWriteGuard>(provider => provider.GetRequiredService<LeaseDeadline>()));
    }

    private static LeaseCandidate Candidate(IServiceProvider provider) => new(
        LeaseApi(provider),
        Options(provider),
        provider.GetRequiredService<IOptions<KubernetesRuntimeOptions>>().Value.FieldManager,
        provider.GetRequiredService<TimeProvider>());

    /// <summary>
    /// Requests about the lease are those by which the right to write is won, so no deadline guards them. One that is not answered leaves time
    /// for another; and each has a connection to itself, as HTTP/1.1 has it, for one that died silently would hold up all that share it. They
    /// keep their own pace when the API server asks for a pause: a leader that waited could lose the lease by that alone.
    /// </summary>
    private static ApiClient LeaseApi(IServiceProvider provider) => new(
        provider.GetRequiredService<IKubernetes>(),
        Options(provider).RenewDeadline / 2,
        new SoleLeader(),
        null,
        provider.GetRequiredService<RuntimeMetrics>().Requests,
        provider.GetRequiredService<TimeProvider>())
    {
        HttpVersion = System.Net.HttpVersion.Version11,
    };

    private static LeaderElectionOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<LeaderElectionOptions>>().Value;
}
