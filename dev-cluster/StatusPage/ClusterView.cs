using Slipway.Api.Monitoring;

namespace Slipway.DevCluster.StatusPage;

/// <summary>What the page shows of the cluster at one moment; the body of <c>GET /state</c>.</summary>
internal sealed record ClusterView(DateTimeOffset Time, IReadOnlyList<ModelView> Models, IReadOnlyList<EventView> Events);

/// <param name="Requests">Within the last minutes, of the pods that there are.</param>
/// <param name="Drift">Of the features of this version, those that stray most first; empty without a baseline.</param>
/// <param name="Accuracy">Of each version, from the feedback of the last hour; empty without any.</param>
internal sealed record ModelView(
    string Namespace,
    string Name,
    string Version,
    string Url,
    IReadOnlyList<ConditionView> Conditions,
    IReadOnlyList<PodView> Pods,
    RequestsView Requests,
    IReadOnlyList<FeatureView> Drift,
    IReadOnlyList<VersionAccuracy> Accuracy);

internal sealed record ConditionView(string Type, string Status, string Reason, string Message);

internal sealed record PodView(string Name, string Phase, bool Ready, int Restarts);

/// <param name="Failed">Of all: those that failed through the server.</param>
internal sealed record RequestsView(long All, long Failed, long Slow);

/// <param name="Index">Population stability index; null while too little was seen, and with a <paramref name="Season"/>.</param>
/// <param name="Season">The period in which the feature comes round, when it is longer than what was seen of it; else null.</param>
/// <param name="Bins">Share of the training rows and of the live ones in each bin.</param>
internal sealed record FeatureView(string Name, double? Index, string? Season, long Rows, IReadOnlyList<BinView> Bins);

internal sealed record BinView(string Name, double Expected, double Actual);

internal sealed record EventView(DateTimeOffset? Time, string Type, string Reason, string Object, string Message);
