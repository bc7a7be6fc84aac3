namespace Slipway.Benchmarks.Server.Loads;

/// <summary>What became of the requests of one run at a fixed rate.</summary>
/// <param name="deadline">In seconds, from the moment a request was due; the server is held to it.</param>
/// <param name="window">In seconds from the beginning: what is answered later came too late to count for the rate.</param>
internal sealed class OpenLoopTally(double deadline, double window)
{
    private readonly List<double> _latencies = [];
    private long _due;
    private long _refused;
    private long _late;
    private long _expired;
    private long _lost;
    private long _failed;
    private int _unexpected;
    private long _withinWindow;

    public void Due() => _due++;

    /// <param name="at">Seconds from the beginning.</param>
    /// <param name="latency">Seconds from when it was due, not from when it could be sent.</param>
    public void Answered(int status, double at, double latency)
    {
        switch (status)
        {
            case 200:
                _latencies.Add(latency);
                _late += latency > deadline ? 1 : 0;
                _withinWindow += latency <= deadline && at <= window ? 1 : 0;
                break;
            case 429:
                _refused++;
                break;
            case 504:
                _expired++;
                break;
            default:
                _failed++;
                _unexpected = status;
                break;
        }
    }

    /// <summary>A connection broke, or the run ended, before the answer came.</summary>
    public void Lost() => _lost++;

    public OpenLoopAnswer Total()
    {
        _latencies.Sort();
        double[] sorted = [.. _latencies];
        return new(
            _due, sorted.Length, _refused, _late, _expired, _lost, _failed, _unexpected, _withinWindow / window,
            sorted.Length > 0 ? Percentile.Of(sorted, 0.5) : double.NaN,
            sorted.Length > 0 ? Percentile.Of(sorted, 0.99) : double.NaN);
    }
}

/// <param name="Due">Requests that the rate called for.</param>
/// <param name="Ok">Answered 200.</param>
/// <param name="Refused">Answered 429.</param>
/// <param name="Late">Of <paramref name="Ok"/>: past the deadline.</param>
/// <param name="Expired">Taken in and answered 504.</param>
/// <param name="Lost">Taken in and cut off, or not answered at all.</param>
/// <param name="Failed">Answered anything else.</param>
/// <param name="Unexpected">The last status of <paramref name="Failed"/>, 0 when there was none.</param>
/// <param name="Goodput">Answers a second that came within the run and the deadline.</param>
/// <param name="Median">Seconds; NaN when nothing was answered.</param>
/// <param name="P99">Seconds.</param>
internal sealed record OpenLoopAnswer(
    long Due, long Ok, long Refused, long Late, long Expired, long Lost, long Failed, int Unexpected, double Goodput, double Median, double P99);
