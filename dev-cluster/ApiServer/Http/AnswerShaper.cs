using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Tables;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>Answers objects and lists in the form that a client asked for.</summary>
internal sealed class AnswerShaper(TimeProvider time)
{
    public Task WriteAsync(ResourceCall call, int code, JsonObject value, CancellationToken cancellationToken)
    {
        var shaped = (string?)value["kind"] == "Status" ? value : Shape(call, value, withColumns: true);
        return AnswerWriter.WriteAsync(call.Context, code, shaped, call.Format, cancellationToken);
    }

    public Task WriteListAsync(ResourceCall call, ListPage page, CancellationToken cancellationToken) =>
        WriteAsync(call, 200, List(call.Definition, page), cancellationToken);

    /// <summary>How a watch shows its objects; null when as they are stored.</summary>
    public Func<WatchLine, JsonObject>? ForWatch(ResourceCall call)
    {
        if (call.Format.Shape == AnswerShape.Plain)
        {
            return null;
        }

        var isFirst = true;
        return line =>
        {
            if (line.Type == "ERROR")
            {
                return line.Object;
            }

            var shaped = Shape(call, line.Object, isFirst);
            isFirst = false;
            return shaped;
        };
    }

    private JsonObject Shape(ResourceCall call, JsonObject value, bool withColumns) => call.Format.Shape switch
    {
        AnswerShape.Plain => value,
        AnswerShape.Table => TableAnswer.Of(
            call.Definition,
            value,
            IncludeObject.Parse(call.Query["includeObject"].ToString()),
            call.Format.MetaVersion,
            withColumns,
            time.GetUtcNow()),
        AnswerShape.PartialMetadata => PartialMetadata.Of(call.Definition, value, call.Format.MetaVersion),
        AnswerShape.PartialMetadataList => PartialMetadata.OfList(call.Definition, value, call.Format.MetaVersion),
        _ => throw new InvalidOperationException($"unknown shape {call.Format.Shape}"),
    };

    /// <summary>A list as the kind's own list type.</summary>
    private static JsonObject List(ResourceDefinition definition, ListPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.Revision.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue.Length > 0 || definition.IsCustom)
        {
            metadata["continue"] = page.Continue;
        }

        if (page.Remaining is { } remaining)
        {
            metadata["remainingItemCount"] = remaining;
        }

        return new JsonObject
        {
            ["kind"] = definition.ListKind,
            ["apiVersion"] = definition.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Items.Select(item => Item(definition, item.Clone()))]),
        };
    }

    /// <summary>Items of built-in lists do not repeat their kind.</summary>
    private static JsonObject Item(ResourceDefinition definition, JsonObject item)
    {
        if (definition.IsCustom)
        {
            item["apiVersion"] = definition.ApiVersion;
            return item;
        }

        item.Remove("apiVersion");
        item.Remove("kind");
        return item;
    }
}
