using System.Globalization;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Feedback;

/// <summary>What is wrong with the items of one body. Of so many faults that nobody would read them, the first are told.</summary>
internal sealed class FeedbackFaults
{
    private const int MostTold = 100;

    private readonly List<string> _told = [];
    private int _count;

    public int Count => _count;

    /// <param name="index">Of the item, from 0 on.</param>
    /// <param name="fault">What it has or lacks, the rest of a sentence that begins with the item.</param>
    public void Add(int index, string fault)
    {
        _count++;
        if (_told.Count < MostTold)
        {
            _told.Add(string.Create(CultureInfo.InvariantCulture, $"[{index}] {fault}"));
        }
    }

    /// <exception cref="ServingException">There is a fault; the message has a line for each.</exception>
    public void RequireNone()
    {
        if (_count == 0)
        {
            return;
        }

        var more = _count > _told.Count ? string.Create(CultureInfo.InvariantCulture, $"\n  and {_count - _told.Count} more") : "";
        var faults = _count == 1 ? "there is a fault" : string.Create(CultureInfo.InvariantCulture, $"there are {_count} faults");
        throw ServingException.Invalid($"Nothing of the feedback was counted, {faults}:\n  {string.Join("\n  ", _told)}{more}");
    }
}
