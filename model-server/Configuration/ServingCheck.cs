using Slipway.Api;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Configuration;

/// <summary>Turns what the configuration says of how requests are served into settings; what it does not say keeps its default.</summary>
internal static class ServingCheck
{
    /// <param name="require">Told of each field whether it holds, its path, and what it must be.</param>
    public static BatchingSettings Batching(ServerBatching config, Action<bool, string, string> require)
    {
        var defaults = new BatchingSettings();
        return new()
        {
            Mode = Choice("batching.mode", config.Mode, defaults.Mode, require),
            MaxBatchSize = Whole("batching.maxBatchSize", config.MaxBatchSize, 1, BatchingSettings.MostRows, defaults.MaxBatchSize, require),
        };
    }

    public static SessionSettings Session(ServerRuntime config, Action<bool, string, string> require)
    {
        var defaults = new SessionSettings();
        return new()
        {
            IntraOpThreads = Whole("runtime.intraOpThreads", config.IntraOpThreads, 1, SessionSettings.MostThreads, defaults.IntraOpThreads, require),
            InterOpThreads = Whole("runtime.interOpThreads", config.InterOpThreads, 1, SessionSettings.MostThreads, defaults.InterOpThreads, require),
            Optimization = Choice("runtime.optimization", config.Optimization, defaults.Optimization, require),
            Execution = Choice("runtime.execution", config.Execution, defaults.Execution, require),
            MemoryArena = config.MemoryArena ?? defaults.MemoryArena,
            MemoryPattern = config.MemoryPattern ?? defaults.MemoryPattern,
            Instances = Whole("runtime.instances", config.Instances, 0, SessionSettings.MostThreads, defaults.Instances, require),
        };
    }

    /// <param name="config">Of which the live settings are taken.</param>
    /// <param name="start">What holds where it says nothing.</param>
    /// <param name="requestTimeout">Zero when it is not known.</param>
    public static LiveSettings Live(ServerConfig config, LiveSettings start, TimeSpan requestTimeout, Action<bool, string, string> require)
    {
        var (delay, slow) = (start.MaxDelay, start.SlowThreshold);
        if (config.Batching.MaxDelay is { } delayText)
        {
            require(
                GoDuration.TryParse(delayText, out delay) && delay <= LiveSettings.LongestDelay,
                "batching.maxDelay",
                $"must be a duration of at most {GoDuration.Format(LiveSettings.LongestDelay)}, such as 500us or 2ms, got '{delayText}'");
            require(
                requestTimeout == default || delay < requestTimeout,
                "batching.maxDelay",
                $"must be less than requestTimeout ({GoDuration.Format(requestTimeout)}), or calls time out while they wait for others, got '{delayText}'");
        }

        if (config.SlowThreshold is { } slowText)
        {
            require(
                GoDuration.TryParse(slowText, out slow) && slow > TimeSpan.Zero,
                "slowThreshold",
                $"must be a duration such as 50ms and more than zero, got '{slowText}'");
        }

        if (config.Expected is { } expected)
        {
            require(
                ConfigCheck.IsDigest(expected.Digest), "expected.digest", $"must be sha256: and 64 hex digits, got '{expected.Digest}'");
        }

        return new()
        {
            Expected = config.Expected is { } version ? version with { Digest = version.Digest.ToLowerInvariant() } : start.Expected,
            MaxConcurrency = Whole("maxConcurrency", config.MaxConcurrency, 0, LiveSettings.MostConcurrency, start.MaxConcurrency, require),
            MaxDelay = delay,
            SlowThreshold = slow,
            RequestLog = Choice("requestLog", config.RequestLog, start.RequestLog, require),
        };
    }

    private static int Whole(string field, int? value, int least, int most, int otherwise, Action<bool, string, string> require)
    {
        require(value is null || (value >= least && value <= most), field, $"must be {least} to {most}, got {value}");
        return value ?? otherwise;
    }

    private static T Choice<T>(string field, string? text, T otherwise, Action<bool, string, string> require) where T : struct, Enum
    {
        if (text is null)
        {
            return otherwise;
        }

        var known = Enum.GetValues<T>().Where(value => value.ToString() == text).ToList();
        require(known.Count > 0, field, $"must be one of {string.Join(", ", Enum.GetNames<T>())}, got '{text}'");
        return known.FirstOrDefault(otherwise);
    }
}
