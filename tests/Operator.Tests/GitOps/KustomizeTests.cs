using System.Text.Json.Nodes;
using Slipway.Operator.Manifests;

namespace Slipway.Operator.Tests.GitOps;

internal sealed class KustomizeTests
{
    [Test]
    public async Task The_example_gives_a_valid_ModelDeployment_with_what_the_overlay_sets()
    {
        var built = Yaml.ParseAll(await Tool.RunAsync("kubectl", "", "kustomize", Path.Combine(Repository.Root, "docs", "gitops", "kustomize", "production")));

        var model = built.Should().ContainSingle().Which.As<JsonObject>();
        var read = ModelManifest.Read(model, "default");
        read.Errors.Should().BeEmpty();
        read.Model!.Metadata.NamespaceProperty.Should().Be("payments");
        read.Model.Spec.Model.Version.Should().Be("8");
        read.Model.Spec.Replicas.Should().Be(3);
        read.Model.Spec.Server!.Image.Should().Be("registry.acme.example/slipway/model-server:0.1.0");
    }
}
