using Slipway.DevCluster.Tests.Contract.Comparison;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.Contract.Replay;

/// <summary>
/// Runs the steps of one case in order against a server and says where its answers differ from the recorded ones.
/// </summary>
/// <param name="accepted">Differences that the list accepts: a poll does not wait for them to pass.</param>
/// <param name="compact">Compacts the server's store, which is the one thing that is done beside the API; null when this server offers no way.</param>
internal sealed class CaseReplay(ContractClient client, RecordedCase recorded, IReadOnlyList<AcceptedDifference> accepted, TimeProvider time, Action? compact)
{
    private static readonly TimeSpan PollLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(100);
    private readonly Answer?[] _answers = new Answer?[recorded.Steps.Count];
    private readonly Dictionary<int, WatchStream> _open = [];
    private readonly List<Difference> _differences = [];
    private readonly Identities _identities = new();

    public async Task<IReadOnlyList<Difference>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (int step = 0; step < recorded.Steps.Count; step++)
            {
                await RunStepAsync(step, cancellationToken);
                await CloseWatchesAsync(step, cancellationToken);
            }
        }
        finally
        {
            foreach (WatchStream stream in _open.Values)
            {
                await stream.DisposeAsync();
            }
        }

        return _differences;
    }

    private async Task RunStepAsync(int index, CancellationToken cancellationToken)
    {
        RecordedStep step = recorded.Steps[index];
        if (step.Request is null)
        {
            (compact ?? throw new InconclusiveException($"step {index} is done beside the API: {step.OutOfBand}"))();
            return;
        }

        if (step.Response!.Status == RecordedResponse.NoAnswer)
        {
            return;
        }

        RecordedRequest request = step.Bindings.Aggregate(step.Request, Bind);
        if (step.PollUntil.Count > 0 && !Acceptance.CoversAll(index, accepted))
        {
            await PollAsync(index, step, request, cancellationToken);
        }
        else if (step.Response.Events is null)
        {
            Compare(index, request, await client.SendAsync(request, cancellationToken));
        }
        else
        {
            await WatchAsync(index, step, request, cancellationToken);
        }
    }

    private RecordedRequest Bind(RecordedRequest request, Binding binding)
    {
        string? value = JsonPath.Find(_answers[binding.SourceStep]?.Body, binding.SourcePath)?.ToString();
        return value is null ? request : binding.Apply(request, value);
    }

    private async Task PollAsync(int index, RecordedStep step, RecordedRequest request, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        using PeriodicTimer timer = new(PollPeriod, time);
        while (true)
        {
            Answer answer = await client.SendAsync(request, cancellationToken);
            bool isLast = time.GetElapsedTime(started) > PollLimit;
            bool isThere = step.PollUntil.All(condition => condition.Holds(answer.Status, answer.Body));
            if (isLast || (isThere && Acceptance.Unexpected(Differences(index, request, answer, _identities.Copy()), accepted).Count == 0))
            {
                Compare(index, request, answer);
                return;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task WatchAsync(int index, RecordedStep step, RecordedRequest request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await client.OpenAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            using (response)
            {
                Compare(index, request, ContractClient.ToAnswer(response, await response.Content.ReadAsStringAsync(cancellationToken), null));
            }

            return;
        }

        WatchStream stream = WatchStream.Read(response);
        if (step.OpenUpTo is not null)
        {
            _open.Add(index, stream);
            return;
        }

        await using (stream)
        {
            Compare(index, request, await stream.EndedAsync(cancellationToken));
        }
    }

    private async Task CloseWatchesAsync(int lastStep, CancellationToken cancellationToken)
    {
        foreach (int index in _open.Keys.Where(index => recorded.Steps[index].OpenUpTo == lastStep).ToArray())
        {
            await using WatchStream stream = _open[index];
            _open.Remove(index);
            RecordedStep step = recorded.Steps[index];
            bool endsItself = step.Request!.Path.Contains("timeoutSeconds=", StringComparison.Ordinal);
            Answer answer = endsItself
                ? await stream.EndedAsync(cancellationToken)
                : await stream.HasAsync(WatchComparer.Count(step.Response!.Events!), cancellationToken);
            Compare(index, step.Request, answer);
        }
    }

    private void Compare(int index, RecordedRequest request, Answer answer)
    {
        _answers[index] = answer;
        _differences.AddRange(Differences(index, request, answer, _identities));
    }

    private IReadOnlyList<Difference> Differences(int index, RecordedRequest request, Answer answer, Identities identities) =>
        AnswerComparer.Compare(index, request, recorded.Steps[index].Response!, answer, recorded.Controllers, identities);
}
