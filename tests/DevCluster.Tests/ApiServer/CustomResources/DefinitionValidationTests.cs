using System.Text.Json.Nodes;
using k8s;
using Slipway.Api.Crd;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.Operator.Manifests;

namespace Slipway.DevCluster.Tests.ApiServer.CustomResources;

/// <summary>The operator's own definition, as a server sees it that counts what its rules cost.</summary>
public sealed class DefinitionValidationTests
{
    [Test]
    public void The_definition_of_ModelDeployment_is_valid_and_its_rules_are_affordable() =>
        DefinitionValidation.Validate(Definition(), null).Should().BeEmpty();

    [Test]
    public void A_rule_added_to_ModelDeployment_that_does_not_compile_is_refused()
    {
        var crd = Definition();
        var spec = RootSchema(crd)["properties"]!["spec"]!;
        spec["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = "self.nowhere > 1" });

        DefinitionValidation.Validate(crd, null).Should().ContainSingle().Which.Message.Should().Contain("nowhere");
    }

    [Test]
    public void The_sample_is_a_valid_ModelDeployment_without_unknown_fields()
    {
        var schema = DefinitionRows.WithMetadata(StructuralSchema.Parse(RootSchema(Definition())));
        var sample = Yaml.Parse(File.ReadAllText(Sample()))!.AsObject();

        UnknownFields.Find(schema, sample).Should().BeEmpty();
        Defaulter.Apply(schema, sample);
        CustomResourceValidation.Validate(schema, sample, null).Should().BeEmpty();
    }

    [Test]
    public void The_sample_without_its_spec_is_refused()
    {
        var schema = DefinitionRows.WithMetadata(StructuralSchema.Parse(RootSchema(Definition())));
        var sample = Yaml.Parse(File.ReadAllText(Sample()))!.AsObject();
        sample.Remove("spec");

        CustomResourceValidation.Validate(schema, sample, null).Should().Contain(error => error.Field == "spec");
    }

    private static JsonObject Definition()
    {
        var crd = JsonNode.Parse(KubernetesJson.Serialize(CrdGenerator.Build()))!.AsObject();
        CustomResourceDefinitionRules.Rules.Default(crd);
        CustomResourceDefinitionRules.Rules.PrepareForCreate(crd);
        return crd;
    }

    private static JsonObject RootSchema(JsonObject crd) => crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    private static string Sample()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Operator.sln.");
        }

        return Path.Combine(folder.FullName, "samples", "fraud-detection", "modeldeployment.yaml");
    }
}
