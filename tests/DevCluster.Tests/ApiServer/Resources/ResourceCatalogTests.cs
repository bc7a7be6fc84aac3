using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.Resources;

internal sealed class ResourceCatalogTests
{
    private readonly ResourceCatalog _catalog = new(BuiltInResources.All());

    [Test]
    public void A_resource_is_found_by_its_path_and_by_its_kind()
    {
        var found = _catalog.Find("apps", "v1", "deployments");

        found!.Kind.Should().Be("Deployment");
        found.ListKind.Should().Be("DeploymentList");
        found.QualifiedName.Should().Be("deployments.apps");
        _catalog.FindKind("apps", "v1", "Deployment").Should().BeSameAs(found);
        _catalog.Find("apps", "v2", "deployments").Should().BeNull();
    }

    [Test]
    public void A_resource_that_was_put_is_served_until_it_is_removed()
    {
        var changes = 0;
        _catalog.Changed += () => changes++;

        _catalog.Put(Widgets());
        _catalog.Serves("example.dev", "v1").Should().BeTrue();

        _catalog.Remove("example.dev", "v1", "widgets");
        _catalog.Serves("example.dev", "v1").Should().BeFalse();
        changes.Should().Be(2);
    }

    [Test]
    public void A_resource_put_again_keeps_its_place()
    {
        _catalog.Put(Widgets());
        _catalog.Put(Widgets() with { Group = "later.dev" });

        _catalog.Put(Widgets() with { Categories = ["all"] });

        _catalog.All[^2].Categories.Should().Equal("all");
        _catalog.All[^1].Group.Should().Be("later.dev");
    }

    [Test]
    public void Every_built_in_row_has_a_path_of_its_own()
    {
        BuiltInResources.All().Select(d => (d.Group, d.Version, d.Plural)).Should().OnlyHaveUniqueItems();
    }

    private static ResourceDefinition Widgets() => new()
    {
        Group = "example.dev",
        Version = "v1",
        Kind = "Widget",
        Plural = "widgets",
        Singular = "widget",
        Schema = new Schema(),
    };
}
