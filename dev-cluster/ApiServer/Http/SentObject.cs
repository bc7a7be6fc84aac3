using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>The object in the body of a POST or PUT, and how it is to be written.</summary>
/// <param name="Warnings">What its client is to be told beside the answer.</param>
internal sealed record SentObject(JsonObject Value, WriteOptions Options, List<string> Warnings)
{
    /// <param name="definition">What the body is read as.</param>
    /// <param name="optionsKind">As refusals name it: <c>CreateOptions</c> or <c>UpdateOptions</c>.</param>
    /// <exception cref="Errors.StatusException">400 or 415 for what is not one of this kind.</exception>
    public static async Task<SentObject> ReadAsync(ResourceCall call, ResourceDefinition definition, string optionsKind, CancellationToken cancellationToken)
    {
        var options = WriteOptions.Parse(call.Query, optionsKind, isApply: false);
        var body = await RequestBody.ReadAsync(call.Context.Request, cancellationToken);
        var warnings = new List<string>();
        return new(new ObjectDecoder(definition, options.FieldValidation, warnings).Decode(body), options, warnings);
    }
}
