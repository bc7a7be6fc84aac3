using Slipway.Api;

namespace Slipway.ModelServer.Configuration;

/// <summary>The settings that need no restart: each is read anew whenever it matters, and nothing is built upon its value.</summary>
internal sealed record LiveSettings
{
    public const int MostConcurrency = 1_000_000;

    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    /// <summary>Requests under way at most; 0 admits while the estimated wait fits half of the request's deadline.</summary>
    public int MaxConcurrency { get; init; }

    /// <summary>How long a call may wait for others to join it; zero takes only those that wait already. A version's <c>model.yaml</c> may say otherwise.</summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>Requests that take longer are counted as slow; more than zero. An operator says another when the model has a latency objective.</summary>
    public TimeSpan SlowThreshold { get; init; } = TimeSpan.FromSeconds(1);

    public RequestLogging RequestLog { get; init; }

    /// <summary>Which bytes a version has that was served before; null when nobody knows. What is loaded is not looked at again.</summary>
    public ExpectedVersion? Expected { get; init; }

    /// <summary>As <c>/status</c> tells them.</summary>
    public LiveConfig Tell() => new()
    {
        MaxConcurrency = MaxConcurrency,
        Batching = new() { MaxDelay = GoDuration.Format(MaxDelay) },
        SlowThreshold = GoDuration.Format(SlowThreshold),
        RequestLog = RequestLog.ToString(),
        Expected = Expected,
    };
}
