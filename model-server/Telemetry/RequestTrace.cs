using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Telemetry;

/// <summary>
/// Where a request stands in the trace of its caller, which it tells as W3C Trace Context does, and its spans: one for the request, below
/// it one for its texts, one for the wait for the model and one for the run.
/// </summary>
internal sealed class RequestTrace
{
    /// <summary>Add this source to the exporter.</summary>
    public const string SourceName = "Slipway.ModelServer";

    // What the recommendation asks everybody to pass on; of longer ones nothing is.
    private const int LongestState = 512;

    private static readonly ActivitySource Source = new(SourceName);

    private readonly Activity? _span;
    private readonly string _statusTag;

    private RequestTrace(Activity? span, ActivityContext parent, string statusTag)
    {
        _span = span;
        _statusTag = statusTag;
        Id = (span?.TraceId ?? parent.TraceId).ToHexString();
    }

    /// <summary>Of the trace: 32 hex digits.</summary>
    public string Id { get; }

    /// <summary>Whether there is a span that will be read.</summary>
    public bool IsRecorded => _span is { IsAllDataRequested: true };

    /// <summary>Begins the request's span, if anybody listens. <see cref="End"/> is owed.</summary>
    /// <param name="name">The method of the protocol; the same for all models.</param>
    /// <param name="headers">Of the request: <c>traceparent</c> and <c>tracestate</c>.</param>
    /// <param name="isLogged">Whether a line of log will tell the trace.</param>
    /// <param name="statusTag">The attribute that holds the protocol's own status.</param>
    /// <returns>Null when nobody would learn of it.</returns>
    public static RequestTrace? Begin(string name, IHeaderDictionary headers, bool isLogged, string statusTag)
    {
        if (!isLogged && !Source.HasListeners())
        {
            return null;
        }

        var state = headers.TraceState.ToString();
        var hasParent = ActivityContext.TryParse(headers.TraceParent, state.Length is > 0 and <= LongestState ? state : null, isRemote: true, out var parent);
        var span = Source.StartActivity(name, ActivityKind.Server, parent);
        return hasParent || span is not null ? new(span, parent, statusTag) : null;
    }

    /// <summary>Sets an attribute of the request's span.</summary>
    public void Tag(string name, object value) => _span?.SetTag(name, value);

    /// <summary>Tells what became of the call's time, now that it is over.</summary>
    /// <param name="asked">When the model was asked, as <see cref="Stopwatch"/> counts.</param>
    /// <param name="tokenized">When its texts had become tokens; 0 when it has none, or when they did not.</param>
    /// <param name="began">When the model began to run; 0 when it did not.</param>
    public void Ran(long asked, long tokenized, long began, TimeProvider clock)
    {
        var (end, now) = (clock.GetUtcNow().UtcDateTime, Stopwatch.GetTimestamp());
        var (queued, run) = (At(tokenized == 0 ? asked : tokenized), At(began == 0 ? now : began));
        if (tokenized != 0)
        {
            Child("tokenize", At(asked), queued);
        }

        Child("queue", queued, run);
        if (began != 0)
        {
            Child("run", run, end);
        }

        DateTime At(long timestamp) => end - Stopwatch.GetElapsedTime(timestamp, now);
    }

    /// <param name="id">The request's own; empty when it has none.</param>
    /// <param name="status">As the protocol tells it.</param>
    public void End(string model, string version, string id, ErrorCode code, int status)
    {
        if (_span is null)
        {
            return;
        }

        var word = MetricCodes.All[MetricCodes.Index(code)];
        _span.SetTag("slipway.model", model).SetTag("slipway.version", version).SetTag("slipway.code", word).SetTag(_statusTag, status);
        if (id.Length > 0)
        {
            _span.SetTag("slipway.request.id", id);
        }

        // What the sender did wrong is no error of the server, as OpenTelemetry's conventions have it.
        if (code is ErrorCode.Internal or ErrorCode.Unavailable or ErrorCode.DeadlineExceeded)
        {
            _span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", word);
        }

        _span.Dispose();
    }

    private void Child(string name, DateTime start, DateTime end)
    {
        using var span = Source.StartActivity(name, ActivityKind.Internal, _span!.Context, startTime: start);
        span?.SetEndTime(end);
    }
}
