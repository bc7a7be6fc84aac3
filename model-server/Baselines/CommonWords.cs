namespace Slipway.ModelServer.Baselines;

/// <summary>
/// The commonest words of a stream in bounded memory. Exact for up to <see cref="MostCounters"/> different words; of more, each that makes up more
/// than 1/10,001 of the stream is kept, counted short by no more than that (Misra and Gries, Sci. Comput. Program. 2, 1982).
/// </summary>
internal sealed class CommonWords
{
    public const int MostCounters = 10_000;

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Add(ReadOnlySpan<char> word)
    {
        var counts = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (_counts.Count < MostCounters || counts.ContainsKey(word))
        {
            counts[word] = counts.TryGetValue(word, out var count) ? count + 1 : 1;
            return;
        }

        // The word and one of each other cancel out; every round of this is paid for by as many words before it.
        foreach (var (other, count) in _counts)
        {
            if (count == 1)
            {
                _counts.Remove(other);
            }
            else
            {
                _counts[other] = count - 1;
            }
        }
    }

    /// <summary>The commonest first; of equally common ones the first by their characters.</summary>
    public string[] Commonest(int most) =>
        [.. _counts.OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal).Take(most).Select(word => word.Key)];
}
