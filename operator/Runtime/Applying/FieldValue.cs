using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Runtime;

/// <summary>
/// Whether two values of one field mean the same. Which fields are quantities, durations or int-or-string is decided by their place, for
/// "1" and "1000m" are equal as a CPU limit and different as an environment variable.
/// </summary>
internal static class FieldValue
{
    private static readonly FrozenSet<string> IntOrStringFields =
        FrozenSet.Create(StringComparer.Ordinal, "port", "targetPort", "maxUnavailable", "maxSurge", "minAvailable");

    private static readonly FrozenSet<string> QuantityMaps = FrozenSet.Create(
        StringComparer.Ordinal, "resources.limits", "resources.requests", "spec.hard", "spec.overhead", "spec.capacity");

    private static readonly FrozenSet<string> QuantityFields =
        FrozenSet.Create(StringComparer.Ordinal, "emptyDir.sizeLimit", "resourceFieldRef.divisor", "target.averageValue", "target.value");

    private static readonly FrozenSet<string> DurationFields = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "interval", "scrapeInterval", "scrapeTimeout", "evaluationInterval", "for", "keep_firing_for", "query_offset", "timeout");

    public static bool Same(FieldPath path, JsonValue desired, JsonValue live)
    {
        var (wanted, found) = (desired.GetValueKind(), live.GetValueKind());
        if (wanted == JsonValueKind.Number && found == JsonValueKind.Number)
        {
            return SameNumber(desired, live);
        }

        if (wanted == found && (wanted != JsonValueKind.String || desired.GetValue<string>() == live.GetValue<string>()))
        {
            return true;
        }

        var field = path.FieldAbove(0);
        var (one, other) = (Text(desired), Text(live));
        return (IntOrStringFields.Contains(field) && one == other)
            || (IsQuantity(path) && SameQuantity(one, other))
            || (IsDuration(path, field) && DurationText.TryParse(one, out var left) && DurationText.TryParse(other, out var right) && left == right);
    }

    private static bool IsQuantity(FieldPath path) =>
        QuantityFields.Contains($"{path.FieldAbove(1)}.{path.FieldAbove(0)}") || QuantityMaps.Contains($"{path.FieldAbove(2)}.{path.FieldAbove(1)}");

    private static bool IsDuration(FieldPath path, string field) =>
        DurationFields.Contains(field) && path.Steps().First().Field == "spec";

    private static bool SameNumber(JsonValue desired, JsonValue live)
    {
        var (one, other) = (desired.ToJsonString(), live.ToJsonString());
        return one == other
            || (decimal.TryParse(one, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var left)
                && decimal.TryParse(other, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var right)
                && left == right);
    }

    /// <summary>What is no quantity is not the same one.</summary>
    private static bool SameQuantity(string desired, string live) =>
        ClusterQuantities.Parse(desired) is { } one && ClusterQuantities.Parse(live) is { } other && one.Equals(other);

    private static string Text(JsonValue value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}
