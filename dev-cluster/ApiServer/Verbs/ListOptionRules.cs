using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>Which options of a list or watch go together.</summary>
internal static class ListOptionRules
{
    private const string Match = "resourceVersionMatch";

    public static IEnumerable<FieldError> Validate(ListOptions options) => options.Watch ? ForWatch(options) : ForList(options);

    private static IEnumerable<FieldError> ForList(ListOptions options)
    {
        if (options.ResourceVersionMatch.Length > 0)
        {
            if (options.ResourceVersion.Length == 0)
            {
                yield return Forbidden(Match, "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }

            if (options.Continue.Length > 0)
            {
                yield return Forbidden(Match, "resourceVersionMatch is forbidden when continue is provided");
            }

            if (options.ResourceVersionMatch is not ("Exact" or "NotOlderThan"))
            {
                yield return NotSupported(options.ResourceVersionMatch, "\"Exact\", \"NotOlderThan\", \"\"");
            }

            if (options.ResourceVersionMatch == "Exact" && options.ResourceVersion == "0")
            {
                yield return Forbidden(Match, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }

        if (options.SendInitialEvents is not null)
        {
            yield return Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
    }

    private static IEnumerable<FieldError> ForWatch(ListOptions options)
    {
        if (options.SendInitialEvents is not null && options.ResourceVersionMatch.Length == 0)
        {
            yield return Forbidden(Match, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }

        if (options.ResourceVersionMatch.Length == 0)
        {
            yield break;
        }

        if (options.SendInitialEvents is null)
        {
            yield return Forbidden(Match, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }

        if (options.ResourceVersionMatch != "NotOlderThan")
        {
            yield return NotSupported(options.ResourceVersionMatch, "\"NotOlderThan\"");
        }

        if (options.Continue.Length > 0)
        {
            yield return Forbidden(Match, "resourceVersionMatch is forbidden when continue is provided");
        }
    }

    private static FieldError Forbidden(string field, string why) => new(field, "FieldValueForbidden", $"Forbidden: {why}");

    private static FieldError NotSupported(string value, string supported) =>
        new(Match, "FieldValueNotSupported", $"Unsupported value: \"{value}\": supported values: {supported}");
}
