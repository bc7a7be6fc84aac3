using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.HorizontalPodAutoscalers;

/// <summary>Has the target of an autoscaler ask for as many pods as its figures call for, at an interval of its own.</summary>
internal sealed class HorizontalPodAutoscalerController(
    IKubernetes api,
    ScaleClient scales,
    MetricEvaluator metrics,
    IObjectStore<V2HorizontalPodAutoscaler> autoscalers,
    IEventRecorder events,
    HorizontalPodAutoscalerOptions options,
    TimeProvider clock) : IEntityController<V2HorizontalPodAutoscaler>
{
    private readonly ConcurrentDictionary<string, Memory> _memories = new();

    public async Task<Result> ReconcileAsync(V2HorizontalPodAutoscaler entity, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var memory = _memories.GetValueOrDefault(entity.Metadata.Uid);
        // Its own status, among others, brings an autoscaler here before its time.
        if (memory?.Due > now)
        {
            return Result.After(memory.Due - now);
        }

        Forget();
        await SyncAsync(entity, memory, now, cancellationToken);
        return Result.After(options.SyncPeriod);
    }

    private async Task SyncAsync(V2HorizontalPodAutoscaler entity, Memory? memory, DateTimeOffset now, CancellationToken cancellationToken)
    {
        TargetScale scale;
        try
        {
            scale = await scales.ReadAsync(entity.Metadata.NamespaceProperty, entity.Spec.ScaleTargetRef, cancellationToken);
        }
        catch (MetricUnavailableException exception)
        {
            events.Warning(entity, "FailedGetScale", exception.Message);
            var failure = new AutoscalerFinding(
                AutoscalerFinding.AbleToScale, false, "FailedGetScale", $"the HPA controller was unable to get the target's current scale: {exception.Message}");
            await WriteAsync(entity, AutoscalerStatusBuilder.Build(entity, null, null, [], [failure], entity.Status?.LastScaleTime, now.UtcDateTime), cancellationToken);
            _memories[entity.Metadata.Uid] = new(memory?.History, now + options.SyncPeriod, memory?.ScaledAt);
            return;
        }

        var plan = await PlanAsync(entity, scale, memory?.History ?? ScalingHistory.Begin(scale.Replicas, now), now, cancellationToken);
        var (rescaled, finding, history) = await RescaleAsync(entity, scale, plan, now, cancellationToken);
        var scaledAt = rescaled ? now.UtcDateTime : memory?.ScaledAt ?? entity.Status?.LastScaleTime;
        // Before the status: if its write has to be repeated, what was done is not forgotten.
        _memories[entity.Metadata.Uid] = new(history, now, scaledAt);
        AutoscalerFinding[] findings = [Read, .. plan.Findings, .. finding is null ? Array.Empty<AutoscalerFinding>() : [finding]];
        await WriteAsync(entity, AutoscalerStatusBuilder.Build(entity, scale.Replicas, plan.Replicas, plan.Metrics, findings, scaledAt, now.UtcDateTime), cancellationToken);
        _memories[entity.Metadata.Uid] = new(history, now + options.SyncPeriod, scaledAt);
    }

    private static AutoscalerFinding Read { get; } = new(AutoscalerFinding.AbleToScale, true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");

    private async Task<ScalePlan> PlanAsync(V2HorizontalPodAutoscaler entity, TargetScale scale, ScalingHistory history, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (ScalePlan.WithoutMetrics(entity.Spec, scale, history) is { } plan)
        {
            TellError(entity, plan.Error is null ? null : "SelectorRequired", plan.Error);
            return plan;
        }

        var ns = entity.Metadata.NamespaceProperty;
        var pods = await api.CoreV1.ListNamespacedPodAsync(ns, labelSelector: scale.Selector, cancellationToken: cancellationToken);
        var calculator = new ReplicaCalculator([.. pods.Items], scale.Replicas, Tolerances.Of(entity.Spec.Behavior, options.Tolerance), now, options);
        var answers = new List<MetricAnswer>();
        foreach (var metric in entity.Spec.Metrics ?? [])
        {
            answers.Add(await metrics.EvaluateAsync(metric, calculator, ns, scale.Selector, cancellationToken));
            TellError(entity, answers[^1].Failure?.Reason, answers[^1].Failure?.Message);
        }

        var verdict = MetricsVerdict.Of(answers, scale.Replicas);
        TellError(entity, verdict.Replicas is null ? "FailedComputeMetricsReplicas" : null, verdict.Error);
        return ScalePlan.Of(entity.Spec, scale.Replicas, history, verdict, options, now);
    }

    private async Task<(bool Rescaled, AutoscalerFinding? Finding, ScalingHistory History)> RescaleAsync(
        V2HorizontalPodAutoscaler entity, TargetScale scale, ScalePlan plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (plan.Replicas is not { } wanted || wanted == scale.Replicas)
        {
            return (false, null, plan.History);
        }

        try
        {
            await scales.WriteAsync(scale, wanted, cancellationToken);
        }
        catch (ApiRefusalException exception)
        {
            events.Warning(entity, "FailedRescale", $"New size: {wanted}; reason: {plan.Reason}; error: {exception.Message}");
            return (false, new(AutoscalerFinding.AbleToScale, false, "FailedUpdateScale", $"the HPA controller was unable to update the target scale: {exception.Message}"), plan.History);
        }

        events.Normal(entity, "SuccessfulRescale", $"New size: {wanted}; reason: {plan.Reason}");
        return (true, new(AutoscalerFinding.AbleToScale, true, "SucceededRescale", $"the HPA controller was able to update the target scale to {wanted}"), plan.History.Scaled(scale.Replicas, wanted, now));
    }

    private void TellError(V2HorizontalPodAutoscaler entity, string? reason, string? message)
    {
        if (reason is not null && message is not null)
        {
            events.Warning(entity, reason, message);
        }
    }

    private async Task WriteAsync(V2HorizontalPodAutoscaler entity, V2HorizontalPodAutoscalerStatus status, CancellationToken cancellationToken)
    {
        if (!Json.Same(status, entity.Status))
        {
            await ApiWrite.Of(api.AutoscalingV2.ReplaceNamespacedHorizontalPodAutoscalerStatusAsync(
                new() { ApiVersion = entity.ApiVersion, Kind = entity.Kind, Metadata = entity.Metadata, Spec = entity.Spec, Status = status },
                entity.Metadata.Name,
                entity.Metadata.NamespaceProperty,
                fieldManager: ApiWrite.Controllers,
                cancellationToken: cancellationToken));
        }
    }

    /// <summary>What is remembered of autoscalers that are gone.</summary>
    private void Forget()
    {
        var known = autoscalers.List().Select(autoscaler => autoscaler.Metadata.Uid).ToHashSet();
        foreach (var uid in _memories.Keys.Where(uid => !known.Contains(uid)))
        {
            _memories.TryRemove(uid, out _);
        }
    }

    /// <summary>What is kept of one autoscaler from one look to the next; no history before its target was seen.</summary>
    private sealed record Memory(ScalingHistory? History, DateTimeOffset Due, DateTime? ScaledAt);
}
