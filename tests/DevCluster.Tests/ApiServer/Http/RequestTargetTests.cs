using Slipway.DevCluster.ApiServer.Http;

namespace Slipway.DevCluster.Tests.ApiServer.Http;

internal sealed class RequestTargetTests
{
    [TestCase("/api/v1/namespaces/n/pods/p/log", "", "v1", "n", "pods", "p", "log")]
    [TestCase("/api/v1/pods", "", "v1", "", "pods", "", "")]
    [TestCase("/api/v1/namespaces", "", "v1", "", "namespaces", "", "")]
    [TestCase("/api/v1/namespaces/n", "", "v1", "", "namespaces", "n", "")]
    [TestCase("/api/v1/namespaces/n/finalize", "", "v1", "", "namespaces", "n", "finalize")]
    [TestCase("/apis/apps/v1/namespaces/n/deployments/d/scale", "apps", "v1", "n", "deployments", "d", "scale")]
    public void A_path_names_its_resource(string path, string group, string version, string ns, string resource, string name, string subresource) =>
        RequestTarget.Parse(path).Should().Be(new RequestTarget(group, version, ns, resource, name, subresource, IsWatchPath: false));

    [TestCase("/api/v1")]
    [TestCase("/apis/apps/v1")]
    [TestCase("/version")]
    public void Other_paths_name_none(string path) => RequestTarget.Parse(path).Should().BeNull();

    [Test]
    public void The_old_watch_path_is_a_list_to_be_watched() =>
        RequestTarget.Parse("/api/v1/watch/namespaces/n/configmaps").Should().Be(new RequestTarget("", "v1", "n", "configmaps", "", "", IsWatchPath: true));
}
