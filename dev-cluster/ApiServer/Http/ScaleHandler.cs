using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Schemas;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>The scale subresource: reads an object as a Scale, and writes a Scale's replicas into the object.</summary>
internal sealed class ScaleHandler(ObjectReader reader, ObjectWriter writer, AnswerShaper shaper, TimeProvider time)
{
    /// <summary>What bodies of this subresource are decoded as, whatever they scale.</summary>
    private static readonly ResourceDefinition ScaleKind = new()
    {
        Group = "autoscaling",
        Version = "v1",
        Kind = "Scale",
        Plural = "scales",
        Singular = "scale",
        Schema = BuiltInSchemas.Get("autoscaling", "v1", "Scale"),
    };

    public async Task HandleAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var definition = call.Definition;
        switch (call.Context.Request.Method)
        {
            case "GET":
                var found = await reader.GetAsync(call.Request, "", cancellationToken);
                await shaper.WriteAsync(call, 200, ScaleView.Of(definition, found.Value), cancellationToken);
                break;
            case "PUT":
                await ReplaceAsync(call, cancellationToken);
                break;
            case "PATCH":
                await PatchAsync(call, cancellationToken);
                break;
            default:
                throw definition.IsCustom ? NotSupported(definition, call.Context.Request.Method) : StatusErrors.MethodNotAllowed();
        }
    }

    private async Task ReplaceAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var (scale, options, warnings) = await SentObject.ReadAsync(call, ScaleKind, "UpdateOptions", cancellationToken);
        await WriteAsync(call, options, _ => scale, warnings, cancellationToken);
    }

    private async Task PatchAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(call.Context.Request, cancellationToken);
        PatchReader.CheckType(body, call.Definition);
        if (body.MediaType == PatchReader.ApplyType)
        {
            await ApplyAsync(call, body, cancellationToken);
            return;
        }

        var options = WriteOptions.Parse(call.Query, "PatchOptions", isApply: false);
        var patch = PatchReader.Read(body, ScaleKind);
        var warnings = new List<string>();
        await WriteAsync(
            call,
            options,
            live => new ObjectDecoder(ScaleKind, options.FieldValidation, warnings).DecodePatched(patch(live)),
            warnings,
            cancellationToken);
    }

    /// <summary>An applied Scale owns the object's replicas, as an apply of the object with that field alone does.</summary>
    private async Task ApplyAsync(ResourceCall call, RequestBody body, CancellationToken cancellationToken)
    {
        var options = WriteOptions.Parse(call.Query, "PatchOptions", isApply: true);
        var applied = PatchReader.ReadApplied(body);
        if (call.Definition.IsCustom)
        {
            throw new StatusException(
                500,
                "",
                "failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) to proper version: "
                + "request to convert CR to an invalid group/version: autoscaling/v1");
        }

        ApplyRules.Check(ScaleKind, applied, call.Target);
        var desired = ScaleView.Desire(call.Definition, call.Request, applied);
        var manager = call.Request.FieldManager(options, FieldManager.Apply);
        var decoder = new ObjectDecoder(call.Definition, FieldValidation.Ignore, []);
        var result = writer.Update(call.Request, options, live =>
        {
            var merged = ServerSideApply.Apply(call.Definition.Schema, live, desired, manager, options.Force, time.GetUtcNow());
            ScaleOwners.Settle(live!, merged, ScaleView.ReplicasPath(call.Definition), isZero: false);
            return new Change(decoder.Complete(merged), OwnersKnown: true);
        });
        await shaper.WriteAsync(call, 200, ScaleView.Of(call.Definition, result.Object), cancellationToken);
    }

    private async Task WriteAsync(
        ResourceCall call, WriteOptions options, Func<JsonObject, JsonObject> change, List<string> warnings, CancellationToken cancellationToken)
    {
        var result = writer.Update(call.Request, options, live =>
        {
            warnings.Clear();
            var wanted = change(ScaleView.Of(call.Definition, live!));
            PathNames.CheckName(wanted, call.Target);
            var replicas = wanted["spec"]?["replicas"].AsNumber() ?? 0;
            Validate(call, replicas);
            return new Change(Scaled(call, options, live!, replicas, wanted.MetaText("resourceVersion")), OwnersKnown: true);
        });
        AnswerWriter.AddWarnings(call.Context, warnings);
        await shaper.WriteAsync(call, 200, ScaleView.Of(call.Definition, result.Object), cancellationToken);
    }

    private JsonObject Scaled(ResourceCall call, WriteOptions options, JsonObject live, long replicas, string version)
    {
        var next = (JsonObject)live.DeepClone();
        ScaleView.SetReplicas(call.Definition, next, replicas);
        ManagedFields.Update(call.Definition.Schema, live, next, call.Request.FieldManager(options, FieldManager.Update), time.GetUtcNow());
        ScaleOwners.Settle(live, next, ScaleView.ReplicasPath(call.Definition), isZero: replicas == 0);
        next.Meta()["resourceVersion"] = version;
        return next;
    }

    private static void Validate(ResourceCall call, long replicas)
    {
        if (replicas < 0 && !call.Definition.IsCustom)
        {
            throw StatusErrors.Invalid(ScaleKind, call.Target.Name,
            [
                new FieldError("spec.replicas", "FieldValueInvalid", $"Invalid value: {replicas}: must be greater than or equal to 0"),
            ]);
        }
    }

    private static StatusException NotSupported(ResourceDefinition definition, string method) => new(
        405,
        "MethodNotAllowed",
        $"{(method == "POST" ? "create" : "delete")} is not supported on resources of kind \"{definition.QualifiedName}\"",
        new JsonObject { ["group"] = definition.Group, ["kind"] = definition.Plural });
}
