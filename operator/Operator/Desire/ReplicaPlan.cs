using System.Globalization;
using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>
/// Who says how many pods there are. While a scaler does, the number is not among what we apply; it had been, so that it is first handed to a
/// field manager of its own, which keeps it until the scaler writes: dropped without that, it would fall to the default of 1. When autoscaling is
/// switched off the number stays as the scaler left it, for spec.replicas has a default that nobody may have meant; from the next change of
/// spec.replicas on, that counts.
/// </summary>
/// <param name="Stated">What we apply; null leaves the number to the scaler.</param>
/// <param name="Wanted">Pods that there should be now.</param>
/// <param name="Least">Pods that have to answer before the model is Ready.</param>
/// <param name="Most">Pods that there may be without a change of the spec.</param>
/// <param name="Annotations">On the Deployment: what has to be remembered of the above.</param>
/// <param name="HandOver">The number is still ours to hand over.</param>
internal sealed record ReplicaPlan(int? Stated, int Wanted, int Least, int Most, IReadOnlyDictionary<string, string> Annotations, bool HandOver)
{
    /// <summary>Field manager of a number that neither we nor a scaler has set yet.</summary>
    public const string Manager = "slipway-replicas";

    private static readonly Dictionary<string, string> None = [];

    /// <param name="live">The Deployment as it is; null while it does not exist.</param>
    public static ReplicaPlan Of(ModelDeploymentSpec spec, V1Deployment? live)
    {
        var ignored = Number(live, Names.IgnoredReplicas);
        var kept = Number(live, Names.KeptReplicas);
        return (spec.Autoscaling, live?.Spec.Replicas) switch
        {
            ({ } scaling, null) => new(scaling.MinReplicas, scaling.MinReplicas, scaling.MinReplicas, scaling.MaxReplicas, None, HandOver: false),
            ({ } scaling, { } now) => new(null, now, Math.Min(now, scaling.MinReplicas), scaling.MaxReplicas, Ignoring(spec), HandOver: ignored is null || kept is not null),
            (null, { } now) when ignored == spec.Replicas => Fixed(kept ?? now, Keeping(spec, kept ?? now)),
            _ => Fixed(spec.Replicas, None),
        };
    }

    private static ReplicaPlan Fixed(int number, Dictionary<string, string> annotations) => new(number, number, number, number, annotations, HandOver: false);

    private static Dictionary<string, string> Ignoring(ModelDeploymentSpec spec) => new(StringComparer.Ordinal) { [Names.IgnoredReplicas] = Text(spec.Replicas) };

    private static Dictionary<string, string> Keeping(ModelDeploymentSpec spec, int number) => new(Ignoring(spec), StringComparer.Ordinal) { [Names.KeptReplicas] = Text(number) };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? Number(V1Deployment? live, string annotation) =>
        live?.Metadata.Annotations?.TryGetValue(annotation, out var text) == true
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
