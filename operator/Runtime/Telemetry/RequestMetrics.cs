using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;

namespace Slipway.Runtime;

/// <summary>The requests to the API server, by how they ended. Few methods, one host and the codes of HTTP bound how many series there are.</summary>
internal sealed class RequestMetrics
{
    /// <summary>In the place of a code, as client-go has it: what went wrong can be anything, and is no label.</summary>
    private const string NoAnswer = "<error>";

    private readonly ConcurrentDictionary<(HttpMethod Method, string Host, int Port, HttpStatusCode? Code), long> _counts = new();

    /// <param name="code">Of the answer; null when none came.</param>
    public void Ended(HttpMethod method, Uri address, HttpStatusCode? code) =>
        _counts.AddOrUpdate((method, address.Host, address.Port, code), 1, static (_, count) => count + 1);

    public IEnumerable<Measurement<long>> Requests() => _counts.Select(entry => new Measurement<long>(
        entry.Value,
        new(RuntimeMetricNames.CodeLabel, entry.Key.Code is { } code ? ((int)code).ToString(CultureInfo.InvariantCulture) : NoAnswer),
        new(RuntimeMetricNames.MethodLabel, entry.Key.Method.Method),
        // With the port, as client-go names it in a pod.
        new(RuntimeMetricNames.HostLabel, $"{entry.Key.Host}:{entry.Key.Port}")));
}
