using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Patches;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.ApiServer.Kinds;

/// <summary>The recorded refusals of built-in objects, cause by cause.</summary>
[TestFixture]
public sealed class RecordedRefusalsTests
{
    /// <summary>Refusals that are somebody else's: allocation of addresses, and a diff of the server's internal structs.</summary>
    private static readonly string[] NotOfKinds = ["create-service 7", "create-service 8", "create-pod 5", "create-pod 6", "create-misc 2"];

    public static IEnumerable<TestCaseData> Refusals()
    {
        foreach (var name in (string[])["errors-422-builtin", "create-hpa", "create-policy", "create-service", "create-pod", "create-misc", "create-lease"])
        {
            var states = new Dictionary<string, JsonObject>();
            var steps = Recordings.Names("cases").Contains(name) ? Recordings.Case(name).Steps : [];
            for (var i = 0; i < steps.Count; i++)
            {
                if (steps[i] is not { Request: { } request, Response: { Body: JsonObject answer } response })
                {
                    continue;
                }

                var path = request.Path.Split('?')[0];
                if (response.Status < 300 && answer["metadata"]?["name"] is { } created)
                {
                    states[request.Method == "POST" ? $"{path}/{created}" : path] = answer;
                }
                else if (response.Status == 422 && request.Body is JsonObject body && !NotOfKinds.Contains($"{name} {i}")
                    && answer["details"]?["kind"] is not null && request.Method != "PUT")
                {
                    yield return new TestCaseData(body, states.GetValueOrDefault(path), answer).SetArgDisplayNames($"{name} {i}");
                }
            }
        }
    }

    [TestCaseSource(nameof(Refusals))]
    public void A_recorded_refusal_has_the_recorded_causes(JsonObject sent, JsonObject? live, JsonObject answer)
    {
        var kind = answer["details"]!["kind"]!.GetValue<string>();
        var group = answer["details"]!["group"]?.GetValue<string>() ?? "";
        var version = (live ?? sent)["apiVersion"]!.GetValue<string>();
        var schema = BuiltInSchemas.Get(group, version.Split('/')[^1], kind);
        var rules = KindRules.For(group, kind);
        var next = live is null ? (JsonObject)sent.DeepClone() : MergePatch.Apply(live, sent);
        Pruner.Prune(schema, next);
        rules.Default(next);
        if (live is not null)
        {
            rules.PrepareForUpdate(next, live);
        }

        var errors = rules.Validate(next, live);

        errors.Select(error => $"{error.Field} {error.Reason} {error.Message}").Should().BeEquivalentTo(
            answer["details"]!["causes"]!.AsArray().Select(cause => $"{cause!["field"]} {cause["reason"]} {cause["message"]}"));
    }
}
