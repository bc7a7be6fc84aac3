using System.Diagnostics.Metrics;
using Slipway.Api;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Feedback;

/// <summary>
/// What one version was told. Not for several threads at a time: it belongs to the lock of its <see cref="FeedbackBook"/>. Its pairs of
/// classes are series of a meter of its own, since the exporter keeps their places for as long as their meter lives.
/// </summary>
internal sealed class FeedbackVersion : IDisposable
{
    private readonly FeedbackClasses _classes = new();
    private readonly FeedbackSums _total = new();
    private readonly Dictionary<int, long> _appeared = [];
    private readonly TimeProvider _clock;
    private readonly long _since;
    private readonly Meter _meter;
    private long _amountsSince;

    /// <param name="owner">Names it among all that there ever were.</param>
    /// <param name="counts">Reads its pairs of classes.</param>
    public FeedbackVersion(string version, int owner, TimeProvider clock, Func<FeedbackVersion, IEnumerable<Measurement<long>>> counts)
    {
        Version = version;
        Owner = owner;
        _clock = clock;
        _since = clock.GetTimestamp();
        _meter = new Meter(new MeterOptions(ServerMetrics.MeterName) { Tags = [new("version", version)] });
        _meter.CreateObservableCounter(
            ServerContract.Metrics.Feedback, () => counts(this), unit: null, "Predictions of a class that somebody told the right class of.");
    }

    public string Version { get; }

    public int Owner { get; }

    /// <summary>Where counts begin, in ticks of UTC, if that is not where the book does.</summary>
    public long? Since { get; init; }

    /// <summary>Rises with each body that fed it.</summary>
    public long LastFed { get; set; }

    /// <summary>Which of <see cref="FeedbackKind.Value"/> and <see cref="FeedbackKind.Reward"/> it has, since both divide by the same count; null while it has none.</summary>
    public FeedbackKind? Amounts { get; private set; }

    /// <summary>What was told in the running stretch.</summary>
    public FeedbackSums Running { get; private set; } = new();

    /// <summary>What metrics tell: nothing yet of a series that they have not told as 0 for a while.</summary>
    public FeedbackNumbers Told
    {
        get
        {
            var classes = IsOld(_since) ? _total.Numbers : default;
            var amounts = IsOld(_amountsSince) ? _total.Numbers : default;
            return amounts with { Correct = classes.Correct, Wrong = classes.Wrong };
        }
    }

    public void Add(in FeedbackItem item)
    {
        var numbers = FeedbackNumbers.Of(item);
        _total.Add(numbers);
        Running.Add(numbers);
        if (item.Kind != FeedbackKind.Class)
        {
            if (Amounts is null)
            {
                (Amounts, _amountsSince) = (item.Kind, _clock.GetTimestamp());
            }

            return;
        }

        int predicted = _classes.Place(item.Predicted), actual = _classes.Place(item.Actual);
        var cell = FeedbackClasses.Cell(predicted, actual);
        _total.Add(cell, 1);
        Running.Add(cell, 1);

        // A class that is never right has a precision of 0, and not none.
        Appear(cell);
        Appear(FeedbackClasses.Cell(predicted, predicted));
        Appear(FeedbackClasses.Cell(actual, actual));
    }

    /// <summary>What was told since the last call.</summary>
    public FeedbackSums TakeRunning()
    {
        var ended = Running;
        Running = new();
        return ended;
    }

    /// <summary>As <see cref="Told"/>, by pairs of classes.</summary>
    public IEnumerable<(string Predicted, string Actual, long Count)> ToldClasses()
    {
        foreach (var (cell, since) in _appeared)
        {
            var (predicted, actual) = _classes.Names(cell);
            yield return (predicted, actual, IsOld(since) ? _total.Cells.GetValueOrDefault(cell) : 0);
        }
    }

    public FeedbackWindow Tell(FeedbackSums sums, DateTimeOffset from, DateTimeOffset to)
    {
        var (classes, counts) = _classes.Table(sums.Cells);
        var kind = sums.Numbers.Values > 0 ? Amounts : null;
        var (ofErrors, ofRewards) = (kind == FeedbackKind.Value, kind == FeedbackKind.Reward);
        return new()
        {
            From = from,
            To = to,
            Classes = classes,
            Counts = counts,
            Correct = sums.Numbers.Correct,
            Wrong = sums.Numbers.Wrong,
            Values = sums.Numbers.Values,
            AbsoluteError = ofErrors ? sums.Numbers.AbsoluteError : null,
            SquaredError = ofErrors ? sums.Numbers.SquaredError : null,
            PositiveError = ofErrors ? sums.Numbers.PositiveError : null,
            NegativeError = ofErrors ? sums.Numbers.NegativeError : null,
            Reward = ofRewards ? sums.Numbers.Reward : null,
        };
    }

    public void Dispose() => _meter.Dispose();

    private void Appear(int cell) => _appeared.TryAdd(cell, _clock.GetTimestamp());

    private bool IsOld(long since) => _clock.GetElapsedTime(since) >= FeedbackBook.ToldAsZero;
}
