using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Runtime;

/// <summary>What a candidate reads from a Lease and writes into one. Its times are for people: they are another machine's clock.</summary>
internal static class LeaseSpec
{
    /// <summary>Empty when nobody holds the lease.</summary>
    public static string Holder(JsonObject lease) => Value<string>(lease, "holderIdentity") ?? "";

    /// <summary>How long its holder may be silent; null when it does not say.</summary>
    public static TimeSpan? Duration(JsonObject lease) => Value<int?>(lease, "leaseDurationSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public static JsonObject New(ObjectKey key, string holder, TimeSpan duration, DateTimeOffset now) => new()
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
        ["spec"] = Of([], holder, duration, acquired: Time(now), renewed: Time(now), transitions: 0),
    };

    /// <summary>A copy with its resourceVersion, renewed by its holder or taken over by another.</summary>
    public static JsonObject HeldBy(JsonObject lease, string holder, TimeSpan duration, DateTimeOffset now)
    {
        var renewal = Holder(lease) == holder;
        var acquired = renewal ? Value<string>(lease, "acquireTime") : null;
        return With(lease, holder, duration, acquired ?? Time(now), now, Transitions(lease) + (renewal ? 0 : 1));
    }

    /// <summary>A copy with its resourceVersion that anybody may take at once.</summary>
    public static JsonObject Released(JsonObject lease, DateTimeOffset now) => With(lease, "", TimeSpan.FromSeconds(1), Time(now), now, Transitions(lease));

    private static JsonObject With(JsonObject lease, string holder, TimeSpan duration, string acquired, DateTimeOffset now, int transitions)
    {
        var copy = (JsonObject)lease.DeepClone();
        copy["spec"] = Of(copy["spec"]?.DeepClone() as JsonObject ?? [], holder, duration, acquired, Time(now), transitions);
        return copy;
    }

    private static JsonObject Of(JsonObject spec, string holder, TimeSpan duration, string acquired, string renewed, int transitions)
    {
        spec["holderIdentity"] = holder;
        spec["leaseDurationSeconds"] = (int)duration.TotalSeconds;
        spec["acquireTime"] = acquired;
        spec["renewTime"] = renewed;
        spec["leaseTransitions"] = transitions;
        return spec;
    }

    private static int Transitions(JsonObject lease) => Value<int?>(lease, "leaseTransitions") ?? 0;

    private static T? Value<T>(JsonObject lease, string name) =>
        (lease["spec"] as JsonObject)?[name] is JsonValue value && value.TryGetValue<T>(out var found) ? found : default;

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
