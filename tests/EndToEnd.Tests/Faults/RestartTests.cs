using Slipway.DevCluster.ApiServer.Storage;
using Slipway.EndToEnd.Tests.Faults.Support;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Faults;

/// <summary>The API server goes away and comes back at its address; meanwhile another one of the same cluster takes a change.</summary>
[Parallelizable(ParallelScope.All)]
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class RestartTests
{
    [Test]
    public async Task A_server_that_comes_back_with_its_history_is_watched_from_where_it_was_without_a_list()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await cluster.MakeAsync("changed", "untouched");
        var (address, before) = (cluster.Address, cluster.Calls.Count);

        await cluster.RestartApiServerAsync(async store =>
        {
            await using var deaf = DeafServer.At(address);
            await cluster.EventuallyAsync(() => deaf.Refused >= 15, "the operator tries again and again");
            Scale(store, "changed", 2);
        });

        await cluster.ConvergesAsync("changed", replicas: 2);
        cluster.Lists(before).Should().BeEmpty("the watches go on from where they were");
        OnlyTheChangeIsWritten(cluster.Writes(before));
    }

    [Test]
    public async Task A_server_that_comes_back_without_its_history_is_listed_once_and_nothing_is_rewritten()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await cluster.MakeAsync("changed", "untouched");
        var kinds = cluster.Calls.Where(call => call.IsWatch).Select(call => call.Path).Distinct().ToList();
        var before = cluster.Calls.Count;

        await cluster.RestartApiServerAsync(store =>
        {
            Scale(store, "changed", 2);
            store.ForgetHistory();
            return Task.CompletedTask;
        });

        await cluster.ConvergesAsync("changed", replicas: 2);
        await cluster.EventuallyAsync(() => kinds.TrueForAll(kind => cluster.Lists(before).Contains(kind)), "each kind is listed again");
        cluster.Lists(before).Should().OnlyHaveUniqueItems("one list is enough");
        OnlyTheChangeIsWritten(cluster.Writes(before));
    }

    private static void OnlyTheChangeIsWritten(IReadOnlyList<OperatorCall> writes)
    {
        writes.Where(call => call.IsAbout("untouched")).Should().BeEmpty();
        writes.Count(call => call.Path.EndsWith("/deployments/changed", StringComparison.Ordinal)).Should().Be(1);
        writes.Should().HaveCountLessThan(12, "a Deployment and a PodDisruptionBudget, and a few steps of the status on the way, each with its event");
    }

    /// <summary>As a server writes it.</summary>
    private static void Scale(ObjectStore store, string name, int replicas)
    {
        var table = store.Table("slipway.dev/modeldeployments");
        var stored = table.Find(new(FaultCluster.Namespace, name))!;
        var next = stored.Clone();
        next["spec"]!["replicas"] = replicas;
        next["metadata"]!["generation"] = (long)next["metadata"]!["generation"]! + 1;
        store.Replace(table, stored, next).Should().NotBeNull();
    }
}
