using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.ApiServer.CustomResources;

/// <summary>The validation alone, held against what a real API server answered for the same objects.</summary>
public sealed class RecordedRefusalsTests
{
    private static readonly Schema Widget = StructuralSchema.Parse(
        JsonNode.Parse(Recordings.WidgetDefinition)!["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject());

    private static readonly ScalePaths Scale = new(".spec.replicas", ".status.replicas", ".status.selector");

    [Test]
    public void Every_recorded_refusal_has_the_same_causes()
    {
        foreach (var step in Steps("cr-refusals"))
        {
            var value = step["request"]!["body"]!.DeepClone().AsObject();
            NullFields.Drop(Widget, value);
            Defaulter.Apply(Widget, value);

            Causes(CustomResourceValidation.Validate(Widget, value, null, Scale)).Should().BeEquivalentTo(Recorded(step), value.ToJsonString());
        }
    }

    [Test]
    public void Every_recorded_refusal_of_a_change_has_the_same_causes()
    {
        JsonObject? stored = null;
        foreach (var step in Steps("cr-transition-rules"))
        {
            var (method, path) = (step["request"]!["method"]!.GetValue<string>(), step["request"]!["path"]!.GetValue<string>());
            if (method == "POST")
            {
                stored = step["response"]!["body"]!.AsObject();
            }
            else if (method == "PATCH" && path.EndsWith("widgets/" + stored!["metadata"]!["name"], StringComparison.Ordinal))
            {
                var next = stored.DeepClone().AsObject();
                Merge(next, step["request"]!["body"]!.AsObject());
                // A write to the object itself does not touch its status.
                next.Remove("status");

                Causes(CustomResourceValidation.Validate(Widget, next, stored, Scale)).Should().BeEquivalentTo(Recorded(step), next.ToJsonString());
            }
            else if (method == "PATCH" && path.EndsWith("/status", StringComparison.Ordinal))
            {
                var next = stored!.DeepClone().AsObject();
                Merge(next, step["request"]!["body"]!.AsObject());

                Causes(CustomResourceValidation.ValidateStatus(Widget, next, stored, Scale)).Should().BeEquivalentTo(Recorded(step), next.ToJsonString());
            }
        }
    }

    private static IEnumerable<JsonObject> Steps(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Recordings.Root, "cases", name + ".json")))!["steps"]!.AsArray().Select(step => step!.AsObject());

    private static IEnumerable<string> Causes(IEnumerable<Slipway.DevCluster.ApiServer.Errors.FieldError> errors) =>
        errors.Select(error => $"{error.Field} {error.Reason} {error.Message}");

    private static IEnumerable<string> Recorded(JsonObject step) =>
        (step["response"]!["body"]!["details"]?["causes"] as JsonArray ?? []).Select(cause => $"{cause!["field"]} {cause["reason"]} {cause["message"]}");

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && target[name] is JsonObject present)
            {
                Merge(present, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
