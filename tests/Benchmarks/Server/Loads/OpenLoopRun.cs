using System.Diagnostics;
using System.Runtime.Versioning;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>
/// One run at a fixed rate on one thread. A request that finds every connection taken waits here, and its wait counts: latency is measured
/// from when it was due.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class OpenLoopRun : IDisposable
{
    // After the last request is due; what is not answered by then counts as lost.
    private const double LastAnswersSeconds = 5;

    private readonly OpenLoopAsk _ask;
    private readonly byte[] _request;
    private readonly Poller _poller = new();
    private readonly OpenLoopTally _tally;
    private readonly OpenConnection[] _connections;
    private readonly Queue<int> _free;
    private readonly Queue<long> _waiting = [];
    private readonly byte[] _received = new byte[256 << 10];
    private readonly long _began;

    public OpenLoopRun(OpenLoopAsk ask, byte[] request)
    {
        _ask = ask;
        _request = request;
        _tally = new OpenLoopTally(ask.DeadlineSeconds, ask.Seconds);
        _connections = [.. Enumerable.Range(0, ask.Connections).Select(_ => new OpenConnection(ask.Port))];
        _free = new Queue<int>(Enumerable.Range(0, ask.Connections));
        for (var i = 0; i < _connections.Length; i++)
        {
            _poller.Watch(_connections[i].Handle, i);
        }

        _began = Stopwatch.GetTimestamp();
    }

    public OpenLoopAnswer Run()
    {
        var arrivals = new Arrivals(_ask.Rate, _ask.Seed);
        var end = (long)(_ask.Seconds * Stopwatch.Frequency);
        var giveUp = end + (long)(LastAnswersSeconds * Stopwatch.Frequency);
        var due = arrivals.Next();
        Span<int> ready = stackalloc int[64];
        while (true)
        {
            var now = Now;
            for (; due <= now && due < end; due = arrivals.Next())
            {
                _tally.Due();
                _waiting.Enqueue(due);
            }

            SendWaiting();
            var over = due >= end && _waiting.Count == 0 && _free.Count == _connections.Length;
            if (over || now > giveUp)
            {
                break;
            }

            var next = due < end ? due : giveUp + 1;
            var count = _poller.Wait(TimeSpan.FromSeconds(Math.Max(0, next - Now) / (double)Stopwatch.Frequency), ready);
            foreach (var number in ready[..count])
            {
                Receive(number);
            }
        }

        for (var lost = _waiting.Count + _connections.Length - _free.Count; lost > 0; lost--)
        {
            _tally.Lost();
        }

        return _tally.Total();
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _poller.Dispose();
    }

    private long Now => Stopwatch.GetTimestamp() - _began;

    private void SendWaiting()
    {
        while (_waiting.Count > 0 && _free.Count > 0)
        {
            var number = _free.Dequeue();
            var due = _waiting.Dequeue();
            if (!_connections[number].TrySend(_request, due))
            {
                Lose(number);
            }
        }
    }

    private void Receive(int number)
    {
        var connection = _connections[number];
        if (connection.Receive(_received) is not { } whole)
        {
            if (!connection.IsBusy)
            {
                // It was closed between requests, which costs none.
                Reconnect(number);
                return;
            }

            Lose(number);
            return;
        }

        if (whole)
        {
            var now = Now;
            _tally.Answered(
                connection.Answer.Status, now / (double)Stopwatch.Frequency, (now - connection.End()) / (double)Stopwatch.Frequency);
            if (connection.Answer.Closes)
            {
                Reconnect(number);
            }

            _free.Enqueue(number);
        }
    }

    private void Lose(int number)
    {
        _tally.Lost();
        Reconnect(number);
        _free.Enqueue(number);
    }

    private void Reconnect(int number)
    {
        _connections[number].Dispose();
        _connections[number] = new OpenConnection(_ask.Port);
        _poller.Watch(_connections[number].Handle, number);
    }
}
