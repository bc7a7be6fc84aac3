using System.ComponentModel.DataAnnotations;

namespace Slipway.Runtime;

/// <summary>Settings of one runtime. Checked when the host starts.</summary>
public sealed class KubernetesRuntimeOptions
{
    internal const int DefaultMaxAnswerBytes = 32 * 1024 * 1024;

    /// <summary>The field manager of every write; also the manager that the API server names in conflicts. At most 128 characters.</summary>
    [Required, StringLength(128, MinimumLength = 1)]
    public string FieldManager { get; set; } = "kubernetes-runtime";

    /// <summary>The component that events are reported by.</summary>
    [Required, StringLength(128, MinimumLength = 1)]
    public string EventSource { get; set; } = "kubernetes-runtime";

    /// <summary>
    /// The annotation that holds the hash of what was last applied, by which removed fields are found. Null means <c>{FieldManager}/applied-hash</c>.
    /// </summary>
    [StringLength(316, MinimumLength = 1)]
    public string? AppliedHashAnnotation { get; set; }

    /// <summary>
    /// The only namespaces that are watched, each by requests of its own; none (the default) means all. Cluster-scoped kinds are always watched whole.
    /// </summary>
    public IReadOnlyList<string> Namespaces { get; set; } = [];

    /// <summary>Labels by which <see cref="IObjectStore{T}.WithLabel"/> finds objects; none by default.</summary>
    public IReadOnlyList<string> IndexedLabels { get; set; } = [];

    /// <summary>Objects per page of a list, 1 to 10,000; 500 by default. Of a kind whose pages are too large, fewer are asked for from then on.</summary>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 500;

    /// <summary>
    /// Longest answer that is read, 1 KiB to 1 GiB; 32 MiB by default. The largest object that etcd takes weighs a third of that at most, as JSON.
    /// </summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = DefaultMaxAnswerBytes;

    /// <summary>Every entity is reconciled again after this time, even if nothing changed; 10 hours by default, zero means never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan ResyncPeriod { get; set; } = TimeSpan.FromHours(10);

    /// <summary>The server ends a watch after this time or up to twice as long (drawn at random); 5 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WatchTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A watch that brings nothing, not even a bookmark, for this time is taken for dead and opened again; 3 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WatchIdleTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The time that one request other than a watch may take; 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>On stop, running reconciles may finish within this time; then they are cancelled and awaited. 10 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Events that may wait to be sent; more are dropped and counted. 1,000 by default.</summary>
    [Range(1, 100_000)]
    public int EventQueueSize { get; set; } = 1_000;

    /// <summary>First wait after a failed list or watch; doubles up to <see cref="InformerBackoffCap"/>, with jitter. 200 ms by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan InformerBackoffBase { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait between two attempts to list or watch; 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan InformerBackoffCap { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the API server is asked which optional APIs it has; a third of it when one seems to be gone. 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan DiscoveryInterval { get; set; } = TimeSpan.FromSeconds(30);

    internal string HashAnnotation => AppliedHashAnnotation ?? $"{FieldManager}/applied-hash";
}
