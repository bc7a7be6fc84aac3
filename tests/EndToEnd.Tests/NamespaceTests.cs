using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

[OwnCluster(OwnClusterAttribute.Requests)]
internal sealed class NamespaceTests : ClusterTest
{
    [Test]
    public async Task A_namespace_that_is_deleted_takes_its_models_along_and_the_operator_goes_on()
    {
        const string doomed = "doomed";
        await Kubectl.RunAsync("create", "namespace", doomed);
        var there = new Kubectl(TestCluster.Kubeconfig, doomed);
        await there.ApplyAsync(Manifest.Of());
        await there.RunAsync("wait", "--for=condition=Ready", "md/fraud-detector", "--timeout=90s");
        var before = TestCluster.Requests.Count;

        await Kubectl.RunAsync("delete", "namespace", doomed, "--timeout=60s");

        (await Kubectl.RunAsync("get", "namespaces", "-o", "name")).Should().NotContain(doomed);
        TestCluster.OperatorWrites(doomed, before).Count().Should().BeLessThan(20, "what is refused is not tried over and over");
        await ServeAsync(Manifest.Of());
    }
}
