using Slipway.Api;

namespace Slipway.ModelServer.Feedback;

/// <summary>
/// The classes of one version, the first that it was told of. A pair of them has a cell, the same for as long as the version is there. Not
/// for several threads at a time.
/// </summary>
internal sealed class FeedbackClasses
{
    /// <summary>Cells of all pairs.</summary>
    public const int Cells = Side * Side;

    private const int Side = FeedbackWindow.MostClasses + 1;
    private const int OtherPlace = FeedbackWindow.MostClasses;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal) { [FeedbackWindow.Other] = OtherPlace };
    private readonly List<string> _names = [];

    /// <summary>The place of a class, which is made if there is room.</summary>
    public int Place(string name)
    {
        if (_places.TryGetValue(name, out var place))
        {
            return place;
        }

        if (_names.Count == FeedbackWindow.MostClasses)
        {
            return OtherPlace;
        }

        _names.Add(name);
        return _places[name] = _names.Count - 1;
    }

    public static int Cell(int predicted, int actual) => (predicted * Side) + actual;

    public (string Predicted, string Actual) Names(int cell) => (Name(cell / Side), Name(cell % Side));

    /// <summary>The classes that something was counted of, <see cref="FeedbackWindow.Other"/> last, with the counts of each pair.</summary>
    public (IReadOnlyList<string> Classes, IReadOnlyList<IReadOnlyList<long>> Counts) Table(IReadOnlyDictionary<int, long> cells)
    {
        var places = cells.Keys.SelectMany(cell => (int[])[cell / Side, cell % Side]).Distinct().Order().ToList();
        return (
            [.. places.Select(Name)],
            [.. places.Select(predicted => places.Select(actual => cells.GetValueOrDefault(Cell(predicted, actual))).ToArray())]);
    }

    private string Name(int place) => place == OtherPlace ? FeedbackWindow.Other : _names[place];
}
