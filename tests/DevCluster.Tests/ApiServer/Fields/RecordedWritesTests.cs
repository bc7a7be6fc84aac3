using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Patches;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.ApiServer.Fields;

/// <summary>
/// Every recorded write on its own: the state before it is the one that was recorded, so that one wrong step does not hide the next.
/// </summary>
[TestFixture]
public sealed class RecordedWritesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly string[] Cases =
    [
        "ssa-atomic", "ssa-conflict-force", "ssa-create-update", "ssa-drop-field", "ssa-replicas-handover", "ssa-status", "ssa-widget",
        "patch-json", "patch-merge", "patch-strategic", "create-config", "create-misc", "create-pod", "create-policy", "create-replicaset",
        "create-service", "fieldvalidation",
    ];

    private static readonly Lazy<Schema> Widget = new(() => StructuralSchema.Parse(
        (JsonObject)JsonNode.Parse(Recordings.WidgetDefinition)!["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!));

    public static IEnumerable<TestCaseData> Writes()
    {
        foreach (var name in Cases)
        {
            var states = new Dictionary<string, JsonObject>();
            var steps = Recordings.Case(name).Steps;
            for (var i = 0; i < steps.Count; i++)
            {
                if (steps[i] is not { Request: { } request, Response: { } response } || response.Body is not JsonObject answer)
                {
                    continue;
                }

                var path = request.Path.Split('?')[0];
                if (request.Method == "POST" && answer["metadata"]?["name"] is { } created)
                {
                    path += "/" + created;
                }

                var target = path.EndsWith("/status", StringComparison.Ordinal) ? path[..^"/status".Length] : path;
                if (request.Method is ("POST" or "PATCH" or "PUT") && request.Body is (JsonObject or JsonArray) && !path.EndsWith("/scale", StringComparison.Ordinal)
                    && answer["metadata"]?["managedFields"] is not null && response.Status < 300)
                {
                    yield return new TestCaseData(new Write(request.Method, request.Path, Media(request), request.Body, states.GetValueOrDefault(target), answer))
                        .SetArgDisplayNames($"{name} {i}");
                }

                if (response.Status < 300 && answer["metadata"]?["uid"] is not null && answer["kind"]?.GetValue<string>() != "Scale")
                {
                    states[target] = answer;
                }
            }
        }
    }

    [TestCaseSource(nameof(Writes))]
    public void A_recorded_write_gives_the_recorded_owners_and_fields(Write write)
    {
        var result = Carry(write);

        Owners(result).Should().Be(Owners(write.Answer));
        Content(result, write.Answer).Should().Be(Content(write.Answer, write.Answer));
    }

    [TestCaseSource(nameof(Writes))]
    public void The_same_write_on_its_own_result_changes_nothing(Write write)
    {
        if (write.Media.Contains("json-patch", StringComparison.Ordinal) || write.Method == "POST")
        {
            return;
        }

        var again = Carry(write with { Live = write.Answer });

        ManagedFields.EqualIgnoringTimes(write.Answer, again).Should().BeTrue("{0} is what it was: {1}", again.ToJsonString(), write.Answer.ToJsonString());
    }

    private static JsonObject Carry(Write write)
    {
        var isWidget = write.Path.Contains("/widgets", StringComparison.Ordinal);
        var isStatus = write.Path.Split('?')[0].EndsWith("/status", StringComparison.Ordinal);
        var version = write.Answer["apiVersion"]!.GetValue<string>();
        var kind = write.Answer["kind"]!.GetValue<string>();
        var (group, number) = version.Split('/') is [var g, var v] ? (g, v) : ("", version);
        var schema = isWidget ? Widget.Value : BuiltInSchemas.Get(group, number, kind);
        var rules = KindRules.For(group, kind);
        var query = write.Path.Split('?').Skip(1).SelectMany(text => text.Split('&')).Select(pair => pair.Split('=')).ToDictionary(p => p[0], p => p[1]);
        var isApply = write.Media.Contains("apply", StringComparison.Ordinal);
        var hasStatus = isWidget || schema.Properties.ContainsKey("status");
        var manager = new FieldManager(
            query.GetValueOrDefault("fieldManager", "unknown"), isApply ? FieldManager.Apply : FieldManager.Update, version, isStatus ? "status" : "")
        {
            ResetFields = ResetFields.Of(isStatus ? "status" : "", hasStatus, isWidget),
        };

        var next = isApply
            ? ServerSideApply.Apply(schema, write.Live, (JsonObject)write.Body.DeepClone(), manager, query.ContainsKey("force"), Now)
            : Patched(schema, write);
        KeepReset(next, write.Live, isStatus, hasStatus);
        next["apiVersion"] ??= version;
        next["kind"] ??= kind;
        Pruner.Prune(schema, next);
        Defaulter.Apply(schema, next);
        rules.Default(next);
        if (!isApply)
        {
            ManagedFields.Update(schema, write.Live, next, manager, Now);
        }

        if (write.Live is null)
        {
            rules.PrepareForCreate(next);
        }
        else
        {
            rules.PrepareForUpdate(next, write.Live);
        }

        rules.Validate(next, write.Live).Should().BeEmpty();
        return next;
    }

    /// <summary>What the writing side of the server takes from the live object, whatever the client sent.</summary>
    private static void KeepReset(JsonObject next, JsonObject? live, bool isStatus, bool hasStatus)
    {
        (next["metadata"] as JsonObject)?.Remove("deletionTimestamp");
        foreach (var field in isStatus ? ["spec"] : hasStatus ? ["status"] : Array.Empty<string>())
        {
            next.Remove(field);
            if (live?[field] is { } kept)
            {
                next[field] = kept.DeepClone();
            }
        }

        if (isStatus && live?["metadata"] is JsonObject metadata)
        {
            var owners = next["metadata"]?["managedFields"]?.DeepClone();
            next["metadata"] = metadata.DeepClone();
            next["metadata"]!["managedFields"] = owners;
        }
    }

    private static JsonObject Patched(Schema schema, Write write) => write.Media switch
    {
        "application/json-patch+json" => JsonPatch.Apply(write.Live!, (JsonArray)write.Body),
        "application/merge-patch+json" => MergePatch.Apply(write.Live!, (JsonObject)write.Body),
        "application/strategic-merge-patch+json" => StrategicMergePatch.Apply(schema, write.Live!, (JsonObject)write.Body),
        _ => (JsonObject)write.Body.DeepClone(),
    };

    private static string Owners(JsonObject value) => string.Join('\n', (value["metadata"]?["managedFields"] as JsonArray ?? [])
        .Select(row => $"{row!["manager"]} {row["operation"]} {row["apiVersion"]} {row["subresource"]} {Sorted(row["fieldsV1"])}")
        .Order(StringComparer.Ordinal));

    /// <summary>What is neither metadata of the server nor allocated or admitted by it.</summary>
    private static string Content(JsonObject value, JsonObject answer)
    {
        var copy = (JsonObject)value.DeepClone();
        var metadata = copy["metadata"]!.AsObject();
        foreach (var (name, _) in metadata.ToList())
        {
            if (name is not ("labels" or "annotations" or "finalizers" or "ownerReferences"))
            {
                metadata.Remove(name);
            }
        }

        if (answer["kind"]!.GetValue<string>() is "Pod" or "Service")
        {
            copy.Remove("spec");
        }

        if (answer["status"] is null || copy["status"] is null || answer["kind"]!.GetValue<string>() == "Widget")
        {
            copy.Remove("status");
        }

        return Sorted(copy);
    }

    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject fields => $"{{{string.Join(',', fields.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Sorted(pair.Value)}"))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Sorted))}]",
        null => "null",
        _ => node.ToJsonString(),
    };

    private static string Media(RecordedRequest request) =>
        request.Headers.GetValueOrDefault("Content-Type", "application/json").Split(';')[0];

    /// <summary>One write with the recorded state before it and the recorded answer.</summary>
    public sealed record Write(string Method, string Path, string Media, JsonNode Body, JsonObject? Live, JsonObject Answer);
}
