namespace Slipway.Api;

/// <summary>
/// What the operator and the model server agree on: ports, paths, environment, metric names and the shapes of
/// <c>server.yaml</c> and <c>/status</c>. This file, <c>ServerWindow.cs</c> and <c>FeedbackWindow.cs</c> are compiled into both, so that neither can drift.
/// </summary>
public static class ServerContract
{
    public const int HttpPort = 8080;
    public const int GrpcPort = 8081;
    public const int ManagementPort = 8082;
    public const int HandoverPort = 8083;

    /// <summary>IP address that every listener of the server binds to. Default: all addresses.</summary>
    public const string BindAddressVariable = "SLIPWAY_BIND_ADDRESS";

    /// <summary>Directory of the immutable, per-revision ConfigMap; holds <see cref="ConfigFile"/>.</summary>
    public const string ConfigDirectory = "/etc/slipway/config";

    public const string ConfigFile = "server.yaml";

    /// <summary>Directory of the mounted ConfigMap that may change while the server runs; holds <see cref="LiveFile"/>.</summary>
    public const string LiveDirectory = "/etc/slipway/live";

    public const string LiveFile = "live.yaml";

    /// <summary>Directory of the mounted credentials Secret, one file per key.</summary>
    public const string CredentialsDirectory = "/var/run/slipway/credentials";

    /// <summary>The claim of <c>pvc://claim/path</c> is mounted read-only at <c>/mnt/models/claim</c>.</summary>
    public const string ClaimsDirectory = "/mnt/models";

    /// <summary>Where versions are downloaded to: an <c>emptyDir</c>.</summary>
    public const string CacheDirectory = "/var/cache/slipway";

    /// <summary>A model that can never load leaves its sentence here before the process exits.</summary>
    public const string TerminationLog = "/dev/termination-log";

    /// <summary>Kubernetes keeps no more of a termination message than this, in bytes.</summary>
    public const int TerminationMessageLimit = 4096;

    /// <summary>The process ends with this, and with its sentence, when storage holds other bytes than <see cref="LiveConfig.Expected"/> says.</summary>
    public const int DigestChangedExitCode = 65;

    public const string LivePath = "/v2/health/live";
    public const string ReadyPath = "/v2/health/ready";
    public const string StatusPath = "/status";
    public const string MetricsPath = "/metrics";

    /// <summary>Answers <see cref="ServerWindow"/> for the query's <c>from</c> and <c>to</c>: RFC 3339 or whole unix seconds.</summary>
    public const string WindowPath = "/window";

    /// <summary>Answers how good versions are by the feedback of a window, which is given as for <see cref="WindowPath"/>.</summary>
    public const string AccuracyPath = "/accuracy";

    /// <summary>Metric names of the server; the unit is the suffix.</summary>
    public static class Metrics
    {
        public const string Requests = "slipway_requests_total";
        /// <summary>Values of the label <c>code</c> that say that a request failed through the server, and not through who sent it.</summary>
        public static readonly IReadOnlyList<string> FailedCodes = ["internal", "unavailable", "deadline_exceeded", "resource_exhausted"];

        public const string RequestDuration = "slipway_request_duration_seconds";
        public const string InferenceDuration = "slipway_inference_duration_seconds";
        public const string SlowRequests = "slipway_requests_slow_total";
        public const string QueueDuration = "slipway_queue_duration_seconds";
        public const string BatchSize = "slipway_batch_size";
        public const string InFlightRequests = "slipway_in_flight_requests";
        public const string QueuedRows = "slipway_queued_rows";
        public const string ModelLoadDuration = "slipway_model_load_duration_seconds";
        public const string ModelLoaded = "slipway_model_loaded";
        public const string ModelInfo = "slipway_model_info";
        public const string DriftObservations = "slipway_drift_observations_total";
        public const string DriftExpectedRatio = "slipway_drift_expected_ratio";
        public const string DriftSeasonality = "slipway_drift_seasonality_seconds";
        public const string Feedback = "slipway_feedback_total";
        public const string FeedbackCorrect = "slipway_feedback_correct_total";
        public const string FeedbackValues = "slipway_feedback_values_total";
        public const string FeedbackAbsoluteError = "slipway_feedback_absolute_error_total";
        public const string FeedbackSquaredError = "slipway_feedback_squared_error_total";
        public const string FeedbackPositiveError = "slipway_feedback_positive_error_total";
        public const string FeedbackNegativeError = "slipway_feedback_negative_error_total";
        public const string FeedbackReward = "slipway_feedback_reward_total";

        // Not served: made of the above by rules in Prometheus' adapter, per pod, over a minute.
        public const string ScalingConcurrency = "slipway_concurrency";
        public const string ScalingRequestsPerSecond = "slipway_requests_per_second";
        public const string ScalingQueueTime = "slipway_queue_time_milliseconds";
    }
}

/// <summary>
/// The content of <c>server.yaml</c>: what one revision serves, and how. Null leaves the server's default. What <see cref="LiveConfig"/> has
/// too is what the server starts with.
/// </summary>
public sealed record ServerConfig
{
    /// <summary>Name under which the model is served: the ModelDeployment's name.</summary>
    public string Model { get; init; } = "";

    /// <summary>Folder that holds one folder per version: <c>file</c>, <c>pvc</c>, <c>s3</c>, <c>gs</c>, <c>az</c> or <c>https</c>.</summary>
    public string Uri { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary><c>sha256:</c> and 64 hex digits; empty means any bytes are accepted.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Longest time a request may take, as a Go-style duration such as <c>30s</c>.</summary>
    public string RequestTimeout { get; init; } = "30s";

    public ServerBatching Batching { get; init; } = new();

    public ServerRuntime Runtime { get; init; } = new();

    /// <summary>As in <see cref="LiveConfig"/>.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>As in <see cref="LiveConfig"/>.</summary>
    public string? SlowThreshold { get; init; }

    /// <summary>As in <see cref="LiveConfig"/>.</summary>
    public string? RequestLog { get; init; }

    /// <summary>As in <see cref="LiveConfig"/>.</summary>
    public ExpectedVersion? Expected { get; init; }
}

/// <summary>Whether and how calls run together. Null leaves the server's default.</summary>
public sealed record ServerBatching
{
    /// <summary><c>Auto</c>, <c>On</c> or <c>Off</c>.</summary>
    public string? Mode { get; init; }

    /// <summary>Rows that run together at most; at least 1.</summary>
    public int? MaxBatchSize { get; init; }

    /// <summary>As in <see cref="LiveBatching"/>.</summary>
    public string? MaxDelay { get; init; }
}

/// <summary>How ONNX Runtime loads and runs the model. Null leaves the server's default.</summary>
public sealed record ServerRuntime
{
    /// <summary>Threads inside one operator of the graph; at least 1.</summary>
    public int? IntraOpThreads { get; init; }

    /// <summary>Threads across operators of the graph; at least 1.</summary>
    public int? InterOpThreads { get; init; }

    /// <summary><c>Disabled</c>, <c>Basic</c>, <c>Extended</c> or <c>All</c>.</summary>
    public string? Optimization { get; init; }

    /// <summary><c>Auto</c>, <c>Sequential</c> or <c>Parallel</c>.</summary>
    public string? Execution { get; init; }

    public bool? MemoryArena { get; init; }

    public bool? MemoryPattern { get; init; }

    /// <summary>Calls that run at a time; 0 takes as many as the CPU limit carries.</summary>
    public int? Instances { get; init; }
}

/// <summary>
/// The content of <c>live.yaml</c>: settings that a running server takes up without a restart. What is null is as the server started with it.
/// </summary>
public sealed record LiveConfig
{
    /// <summary>Requests under way at most; 0 admits while the estimated wait fits half of the request's deadline.</summary>
    public int? MaxConcurrency { get; init; }

    public LiveBatching Batching { get; init; } = new();

    /// <summary>Requests that take longer are counted as slow: a Go-style duration.</summary>
    public string? SlowThreshold { get; init; }

    /// <summary>Which requests get a line of log: <c>None</c>, <c>Errors</c> or <c>All</c>.</summary>
    public string? RequestLog { get; init; }

    /// <summary>Bytes that were served before; null when nobody knows them yet.</summary>
    public ExpectedVersion? Expected { get; init; }
}

/// <summary>
/// Which bytes a version has. A server that loads this very version from this very place, and was given no digest of its own, loads no others;
/// one that loads something else does not look at it, and neither does one that has loaded.
/// </summary>
public sealed record ExpectedVersion
{
    /// <summary>As in <see cref="ServerConfig"/>, letter by letter.</summary>
    public string Uri { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary><c>sha256:</c> and 64 hex digits.</summary>
    public string Digest { get; init; } = "";
}

/// <summary>The part of batching that may change while the server runs.</summary>
public sealed record LiveBatching
{
    /// <summary>How long a call may wait for others to join it, as a Go-style duration; <c>0s</c> takes only those that wait already.</summary>
    public string? MaxDelay { get; init; }
}

/// <summary>Where a server is in the life of its one version. The words appear in <c>/status</c>.</summary>
public static class ServerState
{
    /// <summary>Downloading, verifying or warming up; storage trouble is retried in this state and told in the message.</summary>
    public const string Loading = "Loading";
    public const string Ready = "Ready";

    /// <summary>No version is in memory, by the wish of who controls the server; readiness fails.</summary>
    public const string Unloaded = "Unloaded";

    /// <summary>SIGTERM was received: accepted requests finish, readiness fails.</summary>
    public const string Draining = "Draining";

    /// <summary>This version can never load; the process exits with the message.</summary>
    public const string Failed = "Failed";
}

/// <summary>The body of <c>GET /status</c> on the management port.</summary>
public sealed record ServerStatus
{
    public string Model { get; init; } = "";
    public string Version { get; init; } = "";

    /// <summary>Digest of the bytes that were loaded, <c>sha256:…</c>; empty until they are verified.</summary>
    public string Digest { get; init; } = "";

    /// <summary>One of <see cref="ServerState"/>.</summary>
    public string State { get; init; } = ServerState.Loading;

    /// <summary>A sentence for people: what is wrong and what to do; empty when nothing is wrong.</summary>
    public string Message { get; init; } = "";

    /// <summary>The live settings that are in force now, all of them.</summary>
    public LiveConfig Live { get; init; } = new();
    public IReadOnlyList<TensorDescription> Inputs { get; init; } = [];
    public IReadOnlyList<TensorDescription> Outputs { get; init; } = [];
}

/// <summary>One input or output of a model. <paramref name="Shape"/> holds −1 for a dynamic axis.</summary>
public sealed record TensorDescription(string Name, string Datatype, IReadOnlyList<long> Shape);
