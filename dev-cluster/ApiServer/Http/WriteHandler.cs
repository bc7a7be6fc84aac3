using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>POST, PUT and PATCH of an object or of its status.</summary>
internal sealed class WriteHandler(ObjectWriter writer, AnswerShaper shaper, TimeProvider time)
{
    public async Task CreateAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var (sent, options, warnings) = await SentObject.ReadAsync(call, call.Definition, "CreateOptions", cancellationToken);
        PathNames.CheckNamespace(sent, call.Target);
        await AnswerAsync(call, writer.Create(call.Request, options, new Change(sent, OwnersKnown: false)), warnings, cancellationToken);
    }

    public async Task ReplaceAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var (sent, options, warnings) = await SentObject.ReadAsync(call, call.Definition, "UpdateOptions", cancellationToken);
        CheckName(call, sent);
        PathNames.CheckNamespace(sent, call.Target);
        var result = writer.Update(
            call.Request,
            options,
            _ => new Change((JsonObject)sent.DeepClone(), OwnersKnown: false),
            createsWhenAbsent: call.Definition.CreatesOnUpdate && call.Target.Subresource.Length == 0,
            mustBeGiven: !call.Definition.AllowsUnconditionalUpdate);
        await AnswerAsync(call, result, warnings, cancellationToken);
    }

    public async Task PatchAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(call.Context.Request, cancellationToken);
        PatchReader.CheckType(body, call.Definition);
        var isApply = body.MediaType == PatchReader.ApplyType;
        var options = WriteOptions.Parse(call.Query, "PatchOptions", isApply);
        var warnings = new List<string>();
        var result = isApply ? Apply(call, options, body, warnings) : Patch(call, options, body, warnings);
        await AnswerAsync(call, result, warnings, cancellationToken);
    }

    private WriteResult Patch(ResourceCall call, WriteOptions options, RequestBody body, List<string> warnings)
    {
        var patch = PatchReader.Read(body, call.Definition);
        return writer.Update(call.Request, options, live =>
        {
            warnings.Clear();
            var uid = live!.MetaText("uid");
            var patched = patch(live!);
            var next = new ObjectDecoder(call.Definition, options.FieldValidation, warnings).DecodePatched(patched);
            CheckName(call, next);
            PathNames.CheckNamespace(next, call.Target);
            if (next.MetaText("uid") is { Length: > 0 } given && given != uid)
            {
                FieldError changed = new("metadata.uid", "FieldValueInvalid", $"Invalid value: \"{given}\": field is immutable");
                throw StatusErrors.Invalid(call.Definition, call.Target.Name, [changed, changed]);
            }

            return new Change(next, OwnersKnown: false);
        });
    }

    private WriteResult Apply(ResourceCall call, WriteOptions options, RequestBody body, List<string> warnings)
    {
        var applied = PatchReader.ReadApplied(body);
        ApplyRules.Check(call.Definition, applied, call.Target);
        var manager = call.Request.FieldManager(options, FieldManager.Apply);
        var decoder = new ObjectDecoder(call.Definition, FieldValidation.Ignore, warnings);
        return writer.Update(
            call.Request,
            options,
            live =>
            {
                if (live is null && applied.MetaText("uid") is { Length: > 0 } uid)
                {
                    throw StatusErrors.Conflict(
                        call.Definition,
                        call.Target.Name,
                        $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
                }

                var merged = ServerSideApply.Apply(call.Definition.Schema, live, applied, manager, options.Force, time.GetUtcNow());
                return new Change(decoder.Complete(merged), OwnersKnown: true);
            },
            createsWhenAbsent: call.Target.Subresource.Length == 0);
    }

    private async Task AnswerAsync(ResourceCall call, WriteResult result, IEnumerable<string> warnings, CancellationToken cancellationToken)
    {
        AnswerWriter.AddWarnings(call.Context, warnings);
        await shaper.WriteAsync(call, result.Created ? 201 : 200, result.Object, cancellationToken);
    }

    private static void CheckName(ResourceCall call, JsonObject sent)
    {
        if (sent.Name().Length == 0)
        {
            throw StatusErrors.BadRequest($"the name of the object ({call.Target.Name} based on URL) was undeterminable: name must be provided");
        }

        PathNames.CheckName(sent, call.Target);
    }
}
