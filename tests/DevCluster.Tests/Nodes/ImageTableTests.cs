using Slipway.DevCluster.Nodes;

namespace Slipway.DevCluster.Tests.Nodes;

internal sealed class ImageTableTests
{
    private static readonly ImageTable Table = new([new("ghcr.io/slipway/model-server:0.1.0") { Executable = "/opt/server" }, ImageTable.HostCommands]);

    [TestCase("ghcr.io/slipway/model-server:9.9.9")]
    [TestCase("ghcr.io/slipway/model-server@sha256:abc")]
    [TestCase("mirror.local:5000/model-server")]
    public void An_image_is_found_by_its_name_whatever_its_registry_and_tag(string reference) =>
        Table.Find(reference)!.Executable.Should().Be("/opt/server");

    [Test]
    public void An_unknown_image_is_refused_with_the_known_ones()
    {
        Table.Find("docker.io/library/nginx").Should().BeNull();
        Table.Refusal("nginx:1").Should().Contain("\"nginx:1\"").And.Contain("\"ghcr.io/slipway/model-server:0.1.0\"").And.Contain("\"slipway.dev/test\"");
    }
}
