using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Selectors;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>The query of a list or a watch.</summary>
internal sealed record ListOptions
{
    public required LabelSelector Labels { get; init; }
    public required FieldSelector Fields { get; init; }
    public bool Watch { get; init; }

    /// <summary>0 means everything at once.</summary>
    public long Limit { get; init; }
    public string Continue { get; init; } = "";

    /// <summary>As sent; empty when not given.</summary>
    public string ResourceVersion { get; init; } = "";
    public string ResourceVersionMatch { get; init; } = "";
    public bool AllowBookmarks { get; init; }

    /// <summary>Null when not given.</summary>
    public bool? SendInitialEvents { get; init; }
    public TimeSpan? Timeout { get; init; }

    public bool HasSelector => !Labels.IsEmpty || !Fields.IsEmpty;

    /// <param name="query">The query of the request.</param>
    /// <param name="definition">What is listed.</param>
    /// <param name="isWatchPath">True for a path that makes any request a watch.</param>
    /// <param name="name">The one object that such a path can name; empty for all.</param>
    /// <exception cref="StatusException">400 or 422 for what cannot be read or does not go together.</exception>
    public static ListOptions Parse(IQueryCollection query, ResourceDefinition definition, bool isWatchPath = false, string name = "")
    {
        var initial = query["sendInitialEvents"].ToString();
        var timeout = Integer(query, "timeoutSeconds");
        var options = new ListOptions
        {
            Watch = isWatchPath || Flag(query, "watch"),
            Limit = Math.Max(0, Integer(query, "limit") ?? 0),
            Continue = query["continue"].ToString(),
            ResourceVersion = query["resourceVersion"].ToString(),
            ResourceVersionMatch = query["resourceVersionMatch"].ToString(),
            AllowBookmarks = Flag(query, "allowWatchBookmarks"),
            SendInitialEvents = initial.Length == 0 ? null : initial is "true" or "1",
            Timeout = timeout is > 0 ? TimeSpan.FromSeconds(timeout.Value) : null,
            Labels = LabelSelector.Parse(query["labelSelector"].ToString()),
            Fields = FieldSelector.Parse(OfName(name, query["fieldSelector"].ToString()), definition),
        };
        var errors = ListOptionRules.Validate(options).ToList();
        return errors.Count == 0 ? options : throw StatusErrors.Invalid("meta.k8s.io", "ListOptions", "", errors);
    }

    private static string OfName(string name, string selector) =>
        name.Length == 0 ? selector : $"{selector}{(selector.Length == 0 ? "" : ",")}metadata.name={name}";

    private static bool Flag(IQueryCollection query, string name) => query[name].ToString() is "true" or "1";

    private static long? Integer(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw StatusErrors.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }
}
