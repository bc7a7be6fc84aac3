using System.Text.Json.Nodes;
using Slipway.DevCluster.Tests.Contract.Recording;
using Slipway.DevCluster.Tests.Contract.Replay;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>Compares one answer with the recorded one, in the order: status, headers, body or events.</summary>
internal static class AnswerComparer
{
    /// <param name="request">The request as it was sent, with its own values for bindings.</param>
    /// <param name="controllers">True when controllers ran during the case.</param>
    public static IReadOnlyList<Difference> Compare(
        int step, RecordedRequest request, RecordedResponse expected, Answer actual, bool controllers, Identities identities)
    {
        if (expected.Status != actual.Status)
        {
            return [new Difference(step, "status", expected.Status.ToString(null as IFormatProvider), $"{actual.Status} {actual.Text}")];
        }

        List<Difference> found = [.. Headers(step, expected, actual)];
        Normalizer normalizer = new(controllers, request.BodyText ?? "");
        JsonComparer comparer = new(step, controllers ? null : identities, request.Path.Contains("continue=", StringComparison.Ordinal));
        if (expected.Events is { } events)
        {
            WatchComparer.Compare(comparer, normalizer, events, actual.Events ?? [], controllers);
        }
        else
        {
            JsonNode? left = normalizer.Normalize(AsJson(expected.ContentType, expected.Body));
            JsonNode? right = normalizer.Normalize(AsJson(actual.ContentType, actual.Body));
            ClusterWide.KeepClaimed(request.Path, left, right);
            comparer.Compare("body", left ?? "", right ?? "");
        }

        return [.. found, .. comparer.Found];
    }

    private static IEnumerable<Difference> Headers(int step, RecordedResponse expected, Answer actual)
    {
        if (MediaType(expected.ContentType) != MediaType(actual.ContentType))
        {
            yield return new Difference(step, "headers.Content-Type", expected.ContentType ?? "(absent)", actual.ContentType ?? "(absent)");
        }

        string left = string.Join('\n', expected.Warnings.Order(StringComparer.Ordinal));
        string right = string.Join('\n', actual.Warnings.Order(StringComparer.Ordinal));
        if (left != right)
        {
            yield return new Difference(step, "headers.Warning", left, right);
        }

        if (expected.RetryAfter != actual.RetryAfter)
        {
            yield return new Difference(step, "headers.Retry-After", Presence(expected.RetryAfter), Presence(actual.RetryAfter));
        }
    }

    private static string Presence(bool present) => present ? "present" : "absent";

    /// <summary>Parameters do not count, unless they name the kind that the body is converted to.</summary>
    private static string MediaType(string? contentType)
    {
        string[] parts = (contentType ?? "").Split(';', StringSplitOptions.TrimEntries);
        return string.Join(';', parts.Where((part, i) => i == 0 || part[..Math.Min(2, part.Length)] is "g=" or "v=" or "as").Order(StringComparer.Ordinal));
    }

    private static JsonNode? AsJson(string? contentType, JsonNode? body) =>
        contentType == "application/yaml" && body is JsonValue text ? YamlText.ToJson(text.ToString()) : body;
}
