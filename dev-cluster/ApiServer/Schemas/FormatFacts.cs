namespace Slipway.DevCluster.ApiServer.Schemas;

/// <summary>Times that are kept to the microsecond; the client library's models have one type for all times.</summary>
internal static class FormatFacts
{
    public static string Of(string type, string field, string format) => (type, field) switch
    {
        ("V1LeaseSpec", "acquireTime" or "renewTime") => Timestamps.MicroTimeFormat,
        ("Corev1Event" or "Eventsv1Event", "eventTime") => Timestamps.MicroTimeFormat,
        ("Corev1EventSeries" or "Eventsv1EventSeries", "lastObservedTime") => Timestamps.MicroTimeFormat,
        _ => format,
    };
}
