using k8s;

namespace Slipway.Operator.Monitoring;

/// <summary>Alerts about all models from what the operator tells of them; the chart ships them.</summary>
internal static class OperatorRules
{
    /// <summary>Below the root of the repository.</summary>
    public const string Path = "charts/slipway/files/operator-rules.yaml";

    public const string ModelNotLoaded = "SlipwayModelNotLoaded";
    public const string ModelStalled = "SlipwayModelStalled";
    public const string ScalerAtLimit = "SlipwayScalerAtLimit";

    private const string Model = "{{ $labels.namespace }}/{{ $labels.name }}";

    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(5);

    public static RuleGroups Build() => new(
    [
        Alert.WithRunbooks(new()
        {
            Name = "slipway-operator",
            Interval = "30s",
            Rules =
            [
                Alert.Of(
                    ModelNotLoaded,
                    Alert.Critical,
                    // A model that is scaled to 0 is to serve nothing, whether or not it is Ready.
                    $"{Condition("Serving", "False")} == 1 unless {Largest(ModelMetrics.ScaledToZero)} == 1",
                    TimeSpan.FromMinutes(10),
                    Keep,
                    $"Model {Model} is loaded in no pod: nobody gets an answer.",
                    $"The message of its condition Ready says why: kubectl -n {{{{ $labels.namespace }}}} describe md {{{{ $labels.name }}}}."),
                Alert.Of(
                    ModelStalled,
                    Alert.Warning,
                    $"{Condition("Stalled", "True")} == 1",
                    TimeSpan.FromMinutes(15),
                    Keep,
                    $"What was asked of model {Model} is not in force, and only a change of it can help.",
                    "An older revision may go on serving. The message of its condition Stalled says what to change."),
                Alert.Of(
                    ScalerAtLimit,
                    Alert.Warning,
                    // While a roll-out is stuck, there are pods of two revisions, which no scaler asked for.
                    $"{Largest(ModelMetrics.Replicas)} >= {Largest(ModelMetrics.MostReplicas)} and {Condition("Ready", "True")} == 1",
                    TimeSpan.FromMinutes(30),
                    Keep,
                    $"Model {Model} has had as many pods as its autoscaler may make, {{{{ $value }}}}, for half an hour.",
                    "More load makes requests wait or be refused: raise spec.autoscaling.maxReplicas, or find out where the load comes from."),
            ],
        }, Alert.Runbook),
    ]);

    /// <summary>As it is checked in.</summary>
    public static string Render() =>
        "# Generated from operator/Operator by ./build.sh generate; do not edit.\n" + KubernetesYaml.Serialize(Build()).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    private static string Condition(string type, string status) => $"max by (namespace, name) ({ModelMetrics.Condition}{{type=\"{type}\", status=\"{status}\"}})";

    // Every replica of the operator tells the same of a model.
    private static string Largest(string gauge) => $"max by (namespace, name) ({gauge})";
}
