using k8s.Models;
using Slipway.Api.Crd;

namespace Slipway.Api.Tests.Crd;

internal sealed class CrdGeneratorTests
{
    private static readonly V1JSONSchemaProps Schema = CrdGenerator.Build().Spec.Versions.Single().Schema.OpenAPIV3Schema;

    [Test]
    public void The_checked_in_file_is_what_the_code_generates() =>
        File.ReadAllText(Path.Combine(Repository.Root, "crds", CrdGenerator.FileName)).Should().Be(CrdGenerator.Render(), "./build.sh generate writes it");

    [Test]
    public void It_fits_into_the_annotation_of_kubectl_apply() => CrdGenerator.Render().Length.Should().BeLessThan(60 * 1024);

    [Test]
    public void Every_string_list_and_map_has_a_bound() => Nodes("", Schema)
        .Where(node => node.Schema.XKubernetesPreserveUnknownFields != true && node.Path is not (".apiVersion" or ".kind" or ".metadata"))
        .Where(node => node.Schema switch
        {
            { Type: "string", Format: "date-time" } or { Type: "string", EnumProperty: not null } => false,
            { Type: "string" } or { XKubernetesIntOrString: true } => node.Schema.MaxLength is null,
            { Type: "array" } => node.Schema.MaxItems is null,
            { Type: "object", AdditionalProperties: not null } => node.Schema.MaxProperties is null,
            _ => false,
        })
        .Select(node => node.Path).Should().BeEmpty();

    [Test]
    public void Every_field_is_described() => Nodes("", Schema)
        .Where(node => node.Path.Length > 0 && !node.Path.EndsWith(']') && !node.Path.EndsWith('}') && node.Path is not (".apiVersion" or ".kind" or ".metadata"))
        .Where(node => string.IsNullOrEmpty(node.Schema.Description))
        .Select(node => node.Path).Should().BeEmpty();

    [Test]
    public void Defaults_are_those_of_the_types()
    {
        var spec = Schema.Properties["spec"].Properties;
        spec["replicas"].DefaultProperty.Should().Be(new ModelDeploymentSpec { Model = new() { Uri = "", Version = "" } }.Replicas);
        spec["server"].Properties["requestTimeout"].DefaultProperty.Should().Be(new ServerSpec().RequestTimeout);
        spec["autoscaling"].Properties["engine"].DefaultProperty.Should().Be("HPA");
        spec["autoscaling"].Properties["minReplicas"].DefaultProperty.Should().Be(1);
        spec["server"].Properties["batching"].Properties["mode"].DefaultProperty.Should().Be("Auto");
        spec["server"].Properties["runtime"].Properties["memoryArena"].DefaultProperty.Should().Be(true);
        spec["monitoring"].Properties["drift"].Properties["threshold"].DefaultProperty.Should().Be(0.2m);
        spec["monitoring"].Properties["drift"].DefaultProperty.Should().NotBeNull("monitoring without a word about drift watches it");
        spec["monitoring"].Properties["accuracy"].DefaultProperty.Should().BeNull("an optional block that is absent stays absent");
        spec["server"].DefaultProperty.Should().BeNull("an optional block that is absent stays absent");
        Schema.Properties["status"].DefaultProperty.Should().BeEquivalentTo(new Dictionary<string, object> { ["observedGeneration"] = -1L }, "kstatus takes an object without status for done");
    }

    [Test]
    public void A_whole_number_is_bounded_where_a_quantity_is_wanted_and_the_alternatives_are_types_alone()
    {
        var limit = (V1JSONSchemaProps)Schema.Properties["spec"].Properties["server"].Properties["resources"].Properties["limits"].AdditionalProperties;

        (limit.Minimum, limit.Maximum).Should().Be((0, 1e18));
        limit.AnyOf.Should().BeEquivalentTo([new V1JSONSchemaProps { Type = "integer" }, new V1JSONSchemaProps { Type = "string" }]);
    }

    [Test]
    public void Rules_name_the_field_that_the_user_has_to_change() => Nodes("", Schema)
        .SelectMany(node => (node.Schema.XKubernetesValidations ?? []).Select(rule => (node.Path, node.Schema.Type, Rule: rule)))
        .Should().NotBeEmpty().And.OnlyContain(place => place.Rule.Message.Length > 0
            && (place.Type != "object" || place.Rule.Message.Contains("metadata.name", StringComparison.Ordinal) || place.Rule.FieldPath.StartsWith('.')));

    private static IEnumerable<(string Path, V1JSONSchemaProps Schema)> Nodes(string path, V1JSONSchemaProps schema)
    {
        yield return (path, schema);
        var children = (schema.Properties ?? new Dictionary<string, V1JSONSchemaProps>()).Select(pair => ($"{path}.{pair.Key}", pair.Value));
        if (schema.Items is V1JSONSchemaProps items)
        {
            children = children.Append(($"{path}[]", items));
        }

        if (schema.AdditionalProperties is V1JSONSchemaProps values)
        {
            children = children.Append(($"{path}{{}}", values));
        }

        foreach (var (childPath, child) in children)
        {
            foreach (var node in Nodes(childPath, child))
            {
                yield return node;
            }
        }
    }
}
