using Slipway.Api;
using Slipway.Operator.Monitoring;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Desire;

/// <summary>What the builders know: the object, the name of its newest revision, and the operator's own settings.</summary>
/// <param name="ServerImage">Image of pods whose spec names none.</param>
internal sealed record DesireContext(ModelDeployment Model, string Revision, string ServerImage)
{
    /// <summary>How many pods, and who says so.</summary>
    public ReplicaPlan Replicas { get; init; } = ReplicaPlan.Of(Model.Spec, live: null);

    /// <summary>Of the bytes that the version has; empty while no pod told it.</summary>
    public string Digest { get; init; } = "";

    /// <summary>What scales the model now, for the objects that follow each other.</summary>
    public Scalers Scalers { get; init; } = Scalers.None;

    /// <summary>Prometheus of models that name none; empty when there is none.</summary>
    public string PrometheusUrl { get; init; } = "";

    /// <summary>Address of an alert's runbook, with <see cref="Alert.NameInRunbook"/> in it.</summary>
    public string RunbookUrl { get; init; } = Alert.Runbook;

    /// <summary>Namespace from which the operator reads its servers; empty when it runs outside of the cluster.</summary>
    public string OperatorNamespace { get; init; } = "";
}

/// <summary>The operator's own settings that children depend on.</summary>
internal sealed record DesireSettings(string ServerImage, string PrometheusUrl = "", string OperatorNamespace = "")
{
    public Restrictions Restrictions { get; init; } = new();

    /// <summary>As in <see cref="DesireContext"/>.</summary>
    public string RunbookUrl { get; init; } = Alert.Runbook;
}
