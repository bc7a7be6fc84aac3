namespace Slipway.ModelServer.Batching;

/// <summary>
/// What rows and calls cost inside the model, learnt from every run: averages in which a run weighs one eighth, so that they follow a change
/// within some ten runs. Many threads may learn at once; a lost update does no harm.
/// </summary>
internal sealed class RunCosts
{
    private const double Weight = 0.125;

    private static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MostOfStall = TimeSpan.FromMilliseconds(4);

    private double _secondsPerRow = double.NaN;
    private double _secondsPerCall = double.NaN;

    /// <summary>NaN until the first run.</summary>
    public double SecondsPerRow => Volatile.Read(ref _secondsPerRow);

    /// <summary>A call's share of its run; NaN until the first run.</summary>
    public double SecondsPerCall => Volatile.Read(ref _secondsPerCall);

    public void Learn(TimeSpan duration, long rows, int calls)
    {
        Move(ref _secondsPerRow, duration.TotalSeconds / Math.Max(1, rows));
        Move(ref _secondsPerCall, duration.TotalSeconds / calls);
    }

    /// <summary>
    /// As <see cref="Learn"/>, for a run on a request's own thread. Runs of that kind are over within microseconds, so that one of some milliseconds
    /// mostly is a thread that lost its core; counted whole, a single one would make thousands of requests look as if they could not be answered.
    /// Runs that go on being long are believed all the same.
    /// </summary>
    public void LearnInline(TimeSpan duration, long rows) =>
        Learn(duration < LongestStall && duration > MostOfStall ? MostOfStall : duration, rows, calls: 1);

    private static void Move(ref double average, double now)
    {
        var before = Volatile.Read(ref average);
        Volatile.Write(ref average, double.IsNaN(before) ? now : before + (Weight * (now - before)));
    }
}
