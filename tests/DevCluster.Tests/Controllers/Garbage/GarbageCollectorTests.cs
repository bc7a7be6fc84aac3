using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.DevCluster.ApiServer;
using Slipway.DevCluster.Controllers.Garbage;

namespace Slipway.DevCluster.Tests.Controllers.Garbage;

/// <summary>Owners are Secrets and dependents ConfigMaps, whose watch lags behind: the collector sees the owner go before it sees its dependents.</summary>
[CancelAfter(60_000)]
internal sealed class GarbageCollectorTests
{
    private const string Namespace = "default";
    private const string Finalizer = "example.org/keep";
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    [Test]
    public async Task A_dependent_that_was_not_seen_yet_holds_its_owner(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var api = new Kubernetes(host.ClientConfiguration(""));
        using var held = new HeldWatch("configmaps");
        await using var collecting = await CollectAsync(host, held, cancellationToken);
        var owner = await OwnerAsync(api, "owner", cancellationToken);
        await DependentAsync(api, owner, Finalizer, cancellationToken);

        await DeleteAsync(api, "owner", "Foreground", cancellationToken);
        await OwnerAsync(api, "free", cancellationToken);
        await DeleteAsync(api, "free", "Foreground", cancellationToken);
        await UntilAsync(() => FindOwnerAsync(api, "free", cancellationToken), found => found is null, cancellationToken);
        var heldOwner = await FindOwnerAsync(api, "owner", cancellationToken);
        held.Release();
        await UntilAsync(() => FindDependentAsync(api, cancellationToken), found => found!.Metadata.DeletionTimestamp is not null, cancellationToken);
        var stillHeld = await FindOwnerAsync(api, "owner", cancellationToken);
        await api.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"metadata":{"finalizers":null}}""", V1Patch.PatchType.MergePatch), "dependent", Namespace, cancellationToken: cancellationToken);

        await UntilAsync(() => FindOwnerAsync(api, "owner", cancellationToken), found => found is null, cancellationToken);
        heldOwner.Should().NotBeNull();
        stillHeld.Should().NotBeNull();
    }

    [Test]
    public async Task A_dependent_that_was_not_seen_yet_is_set_free(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var api = new Kubernetes(host.ClientConfiguration(""));
        using var held = new HeldWatch("configmaps");
        await using var collecting = await CollectAsync(host, held, cancellationToken);
        var owner = await OwnerAsync(api, "owner", cancellationToken);
        await DependentAsync(api, owner, null, cancellationToken);

        await DeleteAsync(api, "owner", "Orphan", cancellationToken);

        await UntilAsync(() => FindOwnerAsync(api, "owner", cancellationToken), found => found is null, cancellationToken);
        var dependent = await FindDependentAsync(api, cancellationToken);
        dependent!.Metadata.OwnerReferences.Should().BeNullOrEmpty();
    }

    [Test]
    public async Task An_object_that_was_set_free_unseen_outlives_its_former_owner(CancellationToken cancellationToken)
    {
        await using var host = await ApiServerHost.StartAsync(new ApiServerOptions(), cancellationToken);
        using var api = new Kubernetes(host.ClientConfiguration(""));
        var owner = await OwnerAsync(api, "owner", cancellationToken);
        await DependentAsync(api, owner, null, cancellationToken);
        using var held = new HeldWatch("configmaps");
        await using var collecting = await CollectAsync(host, held, cancellationToken);
        await api.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"metadata":{"ownerReferences":null}}""", V1Patch.PatchType.MergePatch), "dependent", Namespace, cancellationToken: cancellationToken);

        await DeleteAsync(api, "owner", "Background", cancellationToken);
        await OwnerAsync(api, "later", cancellationToken);
        await DeleteAsync(api, "later", "Foreground", cancellationToken);

        await UntilAsync(() => FindOwnerAsync(api, "later", cancellationToken), found => found is null, cancellationToken);
        (await FindDependentAsync(api, cancellationToken)).Should().NotBeNull();
    }

    private static async Task<Collecting> CollectAsync(ApiServerHost host, HeldWatch held, CancellationToken cancellationToken)
    {
        var client = new Kubernetes(host.ClientConfiguration(""), held);
        var collecting = new Collecting(client, new GarbageCollector(client, TimeProvider.System, NullLogger<GarbageCollector>.Instance));
        await collecting.Collector.StartAsync(cancellationToken);
        await held.Asked.WaitAsync(cancellationToken);
        return collecting;
    }

    private sealed record Collecting(Kubernetes Client, GarbageCollector Collector) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Collector.StopAsync(CancellationToken.None);
            Collector.Dispose();
            Client.Dispose();
        }
    }

    private static Task<V1Secret> OwnerAsync(Kubernetes api, string name, CancellationToken cancellationToken) =>
        api.CoreV1.CreateNamespacedSecretAsync(new V1Secret { Metadata = new() { Name = name } }, Namespace, cancellationToken: cancellationToken);

    private static Task<V1ConfigMap> DependentAsync(Kubernetes api, V1Secret owner, string? finalizer, CancellationToken cancellationToken)
    {
        var reference = new V1OwnerReference { ApiVersion = "v1", Kind = "Secret", Name = owner.Metadata.Name, Uid = owner.Metadata.Uid, BlockOwnerDeletion = true };
        var metadata = new V1ObjectMeta { Name = "dependent", OwnerReferences = [reference], Finalizers = finalizer is null ? null : [finalizer] };
        return api.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = metadata }, Namespace, cancellationToken: cancellationToken);
    }

    private static Task<V1Status> DeleteAsync(Kubernetes api, string owner, string policy, CancellationToken cancellationToken) =>
        api.CoreV1.DeleteNamespacedSecretAsync(owner, Namespace, new V1DeleteOptions { PropagationPolicy = policy }, cancellationToken: cancellationToken);

    private static Task<V1Secret?> FindOwnerAsync(Kubernetes api, string name, CancellationToken cancellationToken) =>
        FindAsync(api.CoreV1.ReadNamespacedSecretAsync(name, Namespace, cancellationToken: cancellationToken));

    private static Task<V1ConfigMap?> FindDependentAsync(Kubernetes api, CancellationToken cancellationToken) =>
        FindAsync(api.CoreV1.ReadNamespacedConfigMapAsync("dependent", Namespace, cancellationToken: cancellationToken));

    private static async Task<T?> FindAsync<T>(Task<T> read)
        where T : class
    {
        try
        {
            return await read;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task UntilAsync<T>(Func<Task<T?>> read, Func<T?, bool> isSo, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (!isSo(await read()))
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
