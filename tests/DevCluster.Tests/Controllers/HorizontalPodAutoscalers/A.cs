using k8s.Models;
using Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

namespace Slipway.DevCluster.Tests.Controllers.HorizontalPodAutoscalers;

/// <summary>Objects that a test changes in what it is about.</summary>
internal static class A
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A pod that started an hour ago and became ready a minute later.</summary>
    public static V1Pod Pod(string name, bool ready = true, string phase = "Running", int startedSecondsAgo = 3600, int changedSecondsAgo = 3540, string? cpu = "100m") => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { Containers = [new() { Name = "main", Resources = new() { Requests = cpu is null ? null : new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu) } } }] },
        Status = new()
        {
            Phase = phase,
            StartTime = Now.AddSeconds(-startedSecondsAgo).UtcDateTime,
            Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = Now.AddSeconds(-changedSecondsAgo).UtcDateTime }],
        },
    };

    public static IReadOnlyList<V1Pod> Pods(int count) => [.. Enumerable.Range(0, count).Select(index => Pod($"p{index}"))];

    /// <summary>A figure of each pod p0, p1 …; null for none.</summary>
    public static IReadOnlyDictionary<string, PodMetric> Metrics(params long?[] values) => values
        .Select((value, index) => (Name: $"p{index}", value))
        .Where(pair => pair.value is not null)
        .ToDictionary(pair => pair.Name, pair => new PodMetric(pair.value!.Value, Now, TimeSpan.FromSeconds(30)));

    public static ReplicaCalculator Calculator(IReadOnlyList<V1Pod> pods, int? current = null, V2HorizontalPodAutoscalerBehavior? behavior = null) =>
        new(pods, current ?? pods.Count, Tolerances.Of(behavior, 0.1), Now, new());

    public static V2HorizontalPodAutoscalerSpec Spec(int most = 1000, int least = 1, V2HorizontalPodAutoscalerBehavior? behavior = null) =>
        new() { MinReplicas = least, MaxReplicas = most, Behavior = behavior, ScaleTargetRef = new() };

    public static V2HPAScalingRules Rules(int? window = null, string select = "Max", params (string Type, int Value, int Period)[] policies) => new()
    {
        StabilizationWindowSeconds = window,
        SelectPolicy = select,
        Policies = [.. policies.Select(policy => new V2HPAScalingPolicy { Type = policy.Type, Value = policy.Value, PeriodSeconds = policy.Period })],
    };

    /// <summary>What the API server fills in for a behavior that states one direction only.</summary>
    public static V2HorizontalPodAutoscalerBehavior Behavior(V2HPAScalingRules? up = null, V2HPAScalingRules? down = null) => new()
    {
        ScaleUp = up ?? Rules(0, "Max", ("Pods", 4, 15), ("Percent", 100, 15)),
        ScaleDown = down ?? Rules(null, "Max", ("Percent", 100, 15)),
    };
}
