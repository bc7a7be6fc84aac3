using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.ApiServer.CustomResources;

/// <summary>The validation of definitions alone, held against what a real API server answered for the same ones.</summary>
public sealed class RecordedDefinitionsTests
{
    private static readonly JsonObject[] Steps =
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Recordings.Root, "cases", "crd-refused.json")))!["steps"]!.AsArray().Select(step => step!.AsObject())];

    private static IEnumerable<TestCaseData> Refused() => Steps.Select((step, i) => (step, i))
        .Where(pair => pair.step["response"]!["status"]!.GetValue<int>() == 422)
        .Select(pair => new TestCaseData(pair.step).SetName($"A_recorded_refusal_has_the_same_causes({pair.i})"));

    [TestCaseSource(nameof(Refused))]
    public void A_recorded_refusal_has_the_same_causes(JsonObject step)
    {
        var crd = step["request"]!["body"]!.DeepClone().AsObject();
        CustomResourceDefinitionRules.Rules.Default(crd);
        CustomResourceDefinitionRules.Rules.PrepareForCreate(crd);

        DefinitionValidation.Validate(crd, null).Select(error => $"{error.Field} {error.Reason} {error.Message}").Should().BeEquivalentTo(
            step["response"]!["body"]!["details"]!["causes"]!.AsArray().Select(cause => $"{cause!["field"]} {cause["reason"]} {cause["message"]}"));
    }

    [Test]
    public void The_definition_of_the_recordings_is_valid()
    {
        var crd = JsonNode.Parse(Recordings.WidgetDefinition)!.AsObject();
        CustomResourceDefinitionRules.Rules.Default(crd);
        CustomResourceDefinitionRules.Rules.PrepareForCreate(crd);

        DefinitionValidation.Validate(crd, null).Should().BeEmpty();
    }
}
