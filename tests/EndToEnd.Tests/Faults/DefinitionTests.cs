using k8s;
using Slipway.Api.Crd;
using Slipway.EndToEnd.Tests.Faults.Support;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Faults;

[Parallelizable(ParallelScope.All)]
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class DefinitionTests
{
    [Test]
    public async Task A_definition_that_is_deleted_and_applied_again_is_served_as_before()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await cluster.MakeAsync("changed", "other");
        var definition = CrdGenerator.Build();

        await cluster.Client.ApiextensionsV1.DeleteCustomResourceDefinitionAsync(definition.Metadata.Name);
        await cluster.ServesModelsAsync(false);
        await cluster.EventuallyAsync(() => cluster.Calls.Count(call => call is { IsList: true, Code: 404 }) >= 2, "the operator asks for a kind that is not there");
        var before = cluster.Calls.Count;
        await cluster.Client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(definition);
        await cluster.ServesModelsAsync(true);

        // One of a name that was known, and one that is new.
        await cluster.MakeAsync("changed", "after");
        cluster.Writes(before).Where(call => call.IsAbout("other")).Should().BeEmpty("it was deleted with its kind");
        cluster.Writes(before).Count(call => call.Path.EndsWith("/deployments/after", StringComparison.Ordinal)).Should().Be(1);
    }
}
