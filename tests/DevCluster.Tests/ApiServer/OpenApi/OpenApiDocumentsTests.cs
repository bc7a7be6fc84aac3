using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.OpenApi;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.Tests.ApiServer.OpenApi;

public sealed class OpenApiDocumentsTests
{
    private static readonly ResourceDefinition Deployments = BuiltInResources.All().Single(definition => definition.Kind == "Deployment")
        with
    { Schema = BuiltInSchemas.Get("apps", "v1", "Deployment") };

    [Test]
    public void A_patch_says_that_fields_are_validated_and_of_which_kind()
    {
        JsonNode patch = Document()["paths"]!["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]!["patch"]!;
        patch["parameters"]!.AsArray().Select(parameter => parameter!["name"]!.ToString()).Should().Contain("fieldValidation");
        patch["x-kubernetes-group-version-kind"]!["kind"]!.ToString().Should().Be("Deployment");
    }

    [Test]
    public void Containers_are_merged_by_name()
    {
        JsonNode containers = Document()["components"]!["schemas"]!["io.k8s.api.apps.v1.PodSpec"]!["properties"]!["containers"]!;
        containers["x-kubernetes-patch-merge-key"]!.ToString().Should().Be("name");
        containers["x-kubernetes-patch-strategy"]!.ToString().Should().Be("merge");
    }

    [Test]
    public void Every_reference_has_its_component()
    {
        JsonObject document = Document();
        JsonObject schemas = document["components"]!["schemas"]!.AsObject();
        System.Text.RegularExpressions.Regex.Matches(document.ToJsonString(), "#/components/schemas/([A-Za-z0-9.]+)")
            .Select(match => match.Groups[1].Value).Distinct().Should().OnlyContain(name => schemas.ContainsKey(name));
    }

    [Test]
    public void A_changed_kind_changes_the_hash_of_its_document_only()
    {
        ResourceCatalog catalog = new([Deployments, Deployments with { Group = "policy" }]);
        OpenApiDocuments documents = new(catalog);
        string before = documents.Find("apis/apps/v1")!.Hash;
        string other = documents.Find("apis/policy/v1")!.Hash;
        catalog.Put(Deployments with { Schema = new Schema { Type = SchemaType.Object } });
        documents.Find("apis/apps/v1")!.Hash.Should().NotBe(before);
        documents.Find("apis/policy/v1")!.Hash.Should().Be(other);
    }

    private static JsonObject Document() =>
        JsonNode.Parse(new OpenApiDocuments(new ResourceCatalog([Deployments])).Find("apis/apps/v1")!.Body)!.AsObject();
}
