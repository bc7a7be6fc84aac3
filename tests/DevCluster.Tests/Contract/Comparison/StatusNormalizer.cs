using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>
/// Several validation errors of one object come in no fixed order for some kinds: the bracketed list in a Status' message is a multiset,
/// as its causes are.
/// </summary>
internal static partial class StatusNormalizer
{
    public static void Normalize(JsonObject status)
    {
        if (status["kind"]?.ToString() == "Status" && status["message"]?.ToString() is { } message && Bracketed().Match(message) is { Success: true } list)
        {
            IEnumerable<string> errors = list.Groups["errors"].Value.Split(", ").Order(StringComparer.Ordinal);
            status["message"] = list.Groups["before"].Value + "[" + string.Join(", ", errors) + "]";
        }
    }

    [GeneratedRegex(@"^(?<before>.*?: )\[(?<errors>.*)\]$", RegexOptions.Singleline)]
    private static partial Regex Bracketed();
}
