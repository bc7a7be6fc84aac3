using System.Runtime.InteropServices;

namespace Slipway.ModelServer.Feedback;

/// <summary>What was counted of one version in some stretch of time. Not for several threads at a time.</summary>
internal sealed class FeedbackSums
{
    private readonly Dictionary<int, long> _cells = [];

    /// <summary>Pairs of classes by their cell in a <see cref="FeedbackClasses"/>; those that are left out are 0.</summary>
    public IReadOnlyDictionary<int, long> Cells => _cells;

    public FeedbackNumbers Numbers { get; private set; }

    public bool IsEmpty => Numbers == default;

    public void Add(in FeedbackNumbers numbers) => Numbers += numbers;

    public void Add(int cell, long count) => CollectionsMarshal.GetValueRefOrAddDefault(_cells, cell, out _) += count;
}
