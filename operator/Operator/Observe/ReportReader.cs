using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>
/// Asks servers what they say of themselves. A reconcile waits for the answers, and the image may be anybody's: what servers that are slow or silent
/// take of the workers' time is bounded, so that one user's keep nobody from the models of others.
/// </summary>
/// <param name="longWaits">Reconciles that may wait for longer than <see cref="Patience"/> at the same time.</param>
internal sealed class ReportReader(ServerStatusReader servers, SilentPods silent, int longWaits, TimeProvider clock) : IDisposable
{
    /// <summary>How long any reconcile waits. A server that is not starved answers in a few milliseconds.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Whoever gives no answer and takes so long for it is silent. One that refuses at once is about to listen, and costs nothing.</summary>
    internal static readonly TimeSpan Silence = ServerStatusReader.Timeout / 2;

    private readonly SemaphoreSlim _longWaits = new(longWaits);

    public void Dispose() => _longWaits.Dispose();

    /// <summary>What the pods said, by their names. One that gives no answer is missing, and so it is while it is not asked for its silence.</summary>
    public async Task<IReadOnlyDictionary<string, ServerStatus>> ReadAsync(IReadOnlyList<V1Pod> pods, CancellationToken cancellationToken)
    {
        var asked = pods.Where(pod => !silent.Contains(pod.Metadata.Uid)).ToList();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = Task.WhenAll(asked.Select(pod => AskAsync(pod, enough.Token, cancellationToken)));
        var answers = asking.IsCompleted ? await asking : await WaitAsync(asking, enough);
        return asked.Zip(answers).Where(pair => pair.Second is not null).ToDictionary(pair => pair.First.Metadata.Name, pair => pair.Second!);
    }

    private async Task<ServerStatus?[]> WaitAsync(Task<ServerStatus?[]> asking, CancellationTokenSource enough)
    {
        if (await Task.WhenAny(asking, Task.Delay(Patience, clock, enough.Token)) == asking)
        {
            return await asking;
        }

        if (!_longWaits.Wait(TimeSpan.Zero, CancellationToken.None))
        {
            await enough.CancelAsync();
            return await asking;
        }

        try
        {
            return await asking;
        }
        finally
        {
            _longWaits.Release();
        }
    }

    /// <param name="enough">Ends the wait as if the pod were silent.</param>
    private async Task<ServerStatus?> AskAsync(V1Pod pod, CancellationToken enough, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        ServerStatus? answer = null;
        try
        {
            answer = await servers.ReadAsync(pod.Status.PodIP, enough);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            silent.Add(pod.Metadata.Uid);
        }

        if (answer is null && clock.GetElapsedTime(began) >= Silence)
        {
            silent.Add(pod.Metadata.Uid);
        }

        return answer;
    }
}
