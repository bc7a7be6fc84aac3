using System.Collections.Concurrent;
using k8s.Models;
using Slipway.Api;
using Slipway.Runtime;

namespace Slipway.Operator.Observe;

/// <summary>
/// What a model's pods counted in its drift window. Reconciles come for many reasons; the pods are asked at the pace of the window alone, and
/// what they said last stands in between.
/// </summary>
internal sealed class DriftReader(ServerWindowReader servers, TimeProvider clock)
{
    /// <summary>A window is looked at this many times while it passes, within these bounds.</summary>
    private const int LooksOfWindow = 24;

    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(5);

    /// <summary>Pods of one model that are asked at the same time.</summary>
    private const int AtATime = 8;

    private readonly ConcurrentDictionary<ObjectKey, Look> _looks = new();

    /// <summary>How often a window of this length is looked at.</summary>
    public static TimeSpan Pace(TimeSpan window) => TimeSpan.FromTicks(Math.Clamp(window.Ticks / LooksOfWindow, Soonest.Ticks, Latest.Ticks));

    /// <summary>Null while drift is not watched, or no pod is ready.</summary>
    /// <param name="pods">The ready ones of the newest revision.</param>
    public async Task<FleetWindow?> ReadAsync(ModelDeployment model, IReadOnlyList<V1Pod> pods, CancellationToken cancellationToken)
    {
        if (model.Spec.Monitoring?.Drift is not { Enabled: true } drift || pods.Count == 0 || !GoDuration.TryParse(drift.Window, out var window))
        {
            Forget(model.Key());
            return null;
        }

        var asked = string.Join(' ', pods.Select(pod => pod.Metadata.Uid).Prepend(drift.Window));
        if (_looks.TryGetValue(model.Key(), out var last) && last.Asked == asked && clock.GetElapsedTime(last.At) < Pace(window))
        {
            return last.Answer;
        }

        var to = clock.GetUtcNow();
        var answers = new ServerWindow?[pods.Count];
        await Parallel.ForAsync(0, pods.Count, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (pod, token) =>
            answers[pod] = await servers.ReadAsync(pods[pod].Status.PodIP, to - window, to, token));
        var answer = FleetWindow.Merge(window, answers);
        _looks[model.Key()] = new(asked, clock.GetTimestamp(), answer);
        return answer;
    }

    public void Forget(ObjectKey key) => _looks.TryRemove(key, out _);

    /// <param name="Asked">Who was asked for what: other pods, or another window, are asked at once.</param>
    private sealed record Look(string Asked, long At, FleetWindow Answer);
}
