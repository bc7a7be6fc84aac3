using System.Text.Json.Serialization;

namespace Slipway.Api;

/// <summary>
/// What a version was told of its predictions in a stretch of time, by when it was told. Everything in it is a count or a sum, so that the
/// answers of several servers are merged by adding.
/// </summary>
public sealed record FeedbackWindow
{
    /// <summary>Stands for all classes past <see cref="MostClasses"/>; a class of this very name is counted with them.</summary>
    public const string Other = "other";

    /// <summary>Classes that a server tells apart in a version, <see cref="Other"/> not among them: the first that it was told of.</summary>
    public const int MostClasses = 50;

    /// <summary>
    /// Start of the part of the asked window that the counts are of: whole stretches of ten minutes inside it, and the running one when the
    /// window reaches to now.
    /// </summary>
    public DateTimeOffset From { get; init; }

    /// <summary>End of that part.</summary>
    public DateTimeOffset To { get; init; }

    /// <summary>The classes that <see cref="Counts"/> is of, in its order.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>One row for each class that was predicted, in it one count for each that was right.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Counts { get; init; } = [];

    /// <summary>Predictions of a class that were right, whatever the number of classes.</summary>
    public long Correct { get; init; }

    public long Wrong { get; init; }

    /// <summary>Predictions of a value, or rewards: on one server a version has either.</summary>
    public long Values { get; init; }

    /// <summary>Sum of |predicted − actual|. As the other sums of errors null when <see cref="Values"/> are none of a value, which a sum of 0 does not tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AbsoluteError { get; init; }

    /// <summary>Sum of (predicted − actual)².</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SquaredError { get; init; }

    /// <summary>Sum of predicted − actual where that is positive.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PositiveError { get; init; }

    /// <summary>Sum of actual − predicted where that is positive.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NegativeError { get; init; }

    /// <summary>Sum of rewards; null when <see cref="Values"/> are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Reward { get; init; }

    /// <summary>Adds up what several servers counted, each class under its name. From and to become the earliest and the latest of any.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static FeedbackWindow Sum(IReadOnlyList<FeedbackWindow> parts)
    {
        var classes = parts.SelectMany(part => part.Classes).Distinct(StringComparer.Ordinal).ToList();
        var places = classes.Select((name, place) => (name, place)).ToDictionary(each => each.name, each => each.place, StringComparer.Ordinal);
        var counts = classes.Select(_ => new long[classes.Count]).ToList();
        foreach (var part in parts)
        {
            for (var predicted = 0; predicted < part.Classes.Count; predicted++)
            {
                for (var actual = 0; actual < part.Classes.Count; actual++)
                {
                    counts[places[part.Classes[predicted]]][places[part.Classes[actual]]] += part.Counts[predicted][actual];
                }
            }
        }

        return new()
        {
            From = parts.Min(part => part.From),
            To = parts.Max(part => part.To),
            Classes = classes,
            Counts = counts,
            Correct = parts.Sum(part => part.Correct),
            Wrong = parts.Sum(part => part.Wrong),
            Values = parts.Sum(part => part.Values),
            AbsoluteError = Sum(parts, part => part.AbsoluteError),
            SquaredError = Sum(parts, part => part.SquaredError),
            PositiveError = Sum(parts, part => part.PositiveError),
            NegativeError = Sum(parts, part => part.NegativeError),
            Reward = Sum(parts, part => part.Reward),
        };
    }

    private static double? Sum(IReadOnlyList<FeedbackWindow> parts, Func<FeedbackWindow, double?> read)
    {
        var told = parts.Select(read).OfType<double>().ToList();
        return told.Count == 0 ? null : told.Sum();
    }
}
