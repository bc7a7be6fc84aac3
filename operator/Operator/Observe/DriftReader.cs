using System.Collections.Concurrent;
using k8s.Models;
using Slipway.Api;
using Slipway.Runtime;

namespace Slipway.Operator.Observe;

/// <summary>
/// What a model's pods counted in its drift window. They are asked apart from reconciles, which say whom to ask and take what was said last: at
/// once when there are others to ask than before, and then at the pace of the window.
/// </summary>
internal sealed class DriftReader(ServerWindowReader servers, TimeProvider clock)
{
    /// <summary>A window is looked at this many times while it passes, within these bounds.</summary>
    private const int LooksOfWindow = 24;

    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(5);

    /// <summary>Pods that gave no answer are asked once more, so that one that is late now and then does not turn status to and fro.</summary>
    private const int Attempts = 2;

    /// <summary>Pods of one model that are asked at the same time.</summary>
    private const int AtATime = 8;

    /// <summary>Longest time that one look may take: a model with many pods that accept and say nothing would keep others from being looked at.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>Multiples of it, without their whole part, lie apart as evenly as can be, however many there are (the golden ratio).</summary>
    private const double Apart = 0.618033988749895;

    private readonly ConcurrentDictionary<ObjectKey, Look> _looks = new();
    private readonly long _began = clock.GetTimestamp();
    private int _begun;

    private TimeSpan Now => clock.GetElapsedTime(_began);

    /// <summary>How often a window of this length is looked at.</summary>
    public static TimeSpan Pace(TimeSpan window) => TimeSpan.FromTicks(Math.Clamp(window.Ticks / LooksOfWindow, Soonest.Ticks, Latest.Ticks));

    /// <summary>Null while drift is not watched, or no pod is ready; <see cref="FleetWindow.Awaited"/> until these pods were asked.</summary>
    /// <param name="pods">The ready ones of the newest revision.</param>
    public FleetWindow? Read(ModelDeployment model, IReadOnlyList<V1Pod> pods)
    {
        if (model.Spec.Monitoring?.Drift is not { Enabled: true } drift || pods.Count == 0 || !GoDuration.TryParse(drift.Window, out var window))
        {
            Forget(model.Key());
            return null;
        }

        var asked = string.Join(' ', pods.Select(pod => pod.Metadata.Uid).Prepend(drift.Window));
        if (_looks.TryGetValue(model.Key(), out var last) && last.Asked == asked)
        {
            return last.Answer;
        }

        // While pods come and go one after the other, those that stay are not asked each time.
        var (now, soonest) = (Now, (last?.Began + Soonest) ?? TimeSpan.Zero);
        _looks[model.Key()] = new(asked, [.. pods.Select(pod => pod.Status.PodIP)], window, Began: last?.Began, Due: now > soonest ? now : soonest, FleetWindow.Awaited);
        return FleetWindow.Awaited;
    }

    /// <summary>Models whose pods are to be asked by now, those that waited longest first.</summary>
    public IReadOnlyList<ObjectKey> Due()
    {
        var now = Now;
        return [.. _looks.Where(look => look.Value.Due <= now).OrderBy(look => look.Value.Due).Select(look => look.Key)];
    }

    /// <summary>Asks the pods, if it is time. Null when nobody wants to know it any more.</summary>
    public async Task<FleetWindow?> LookAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (!_looks.TryGetValue(key, out var last) || last.Due > Now)
        {
            return null;
        }

        var begun = last with { Began = Now, Due = TimeSpan.MaxValue };
        if (!_looks.TryUpdate(key, begun, last))
        {
            return null;
        }

        var ended = begun with { Due = Next(last) };
        try
        {
            var answer = await AskAsync(begun.Addresses, begun.Window, cancellationToken);
            ended = ended with { Answer = answer };
            // A reconcile may have named other pods meanwhile.
            return _looks.TryUpdate(key, ended, begun) ? answer : null;
        }
        catch
        {
            _looks.TryUpdate(key, ended, begun);
            throw;
        }
    }

    public void Forget(ObjectKey key) => _looks.TryRemove(key, out _);

    private TimeSpan Next(Look last)
    {
        var (now, pace) = (Now, Pace(last.Window));
        if (last.Answer.IsAwaited)
        {
            // Models that begin together, as all do with the operator, are not to be looked at together ever after.
            return now + (pace * (Interlocked.Increment(ref _begun) * Apart % 1));
        }

        var next = last.Due + pace;
        return next > now ? next : now + pace;
    }

    private async Task<FleetWindow> AskAsync(string[] addresses, TimeSpan window, CancellationToken cancellationToken)
    {
        var sum = new FleetSum(window);
        var answered = new bool[addresses.Length];
        using var deadline = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                int[] silent = [.. Enumerable.Range(0, addresses.Length).Where(pod => !answered[pod])];
                await Parallel.ForEachAsync(silent, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = either.Token }, async (pod, token) =>
                {
                    if (await servers.ReadAsync(addresses[pod], window, token) is { } answer)
                    {
                        sum.Add(answer);
                        answered[pod] = true;
                    }
                });
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Whoever was not heard by then is silent.
        }

        return sum.Total(addresses.Length);
    }

    /// <param name="Asked">Who was asked for what: other pods, or another window, are asked at once.</param>
    /// <param name="Began">When this model's pods were asked last, since the reader began; null when they never were.</param>
    /// <param name="Due">When they are asked again; never while they are being asked.</param>
    private sealed record Look(string Asked, string[] Addresses, TimeSpan Window, TimeSpan? Began, TimeSpan Due, FleetWindow Answer);
}
