namespace Slipway.ModelServer.Storage;

/// <summary>Reads a listing page by page, and stops when there is enough of it.</summary>
internal static class Pages
{
    // A store that sends empty pages for ever must not hold us for ever.
    private const int MostPages = 10_000;

    /// <param name="read">One page; its argument and its second result are the mark that the next page starts from, null for the first and after the last.</param>
    /// <param name="most">No further page is read once there are more than this.</param>
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(Func<string?, Task<(IEnumerable<T> Items, string? Next)>> read, int most)
    {
        var all = new List<T>();
        string? mark = null;
        for (var page = 0; page < MostPages; page++)
        {
            var (items, next) = await read(mark);
            all.AddRange(items);
            if (string.IsNullOrEmpty(next) || all.Count > most)
            {
                return all;
            }

            mark = next;
        }

        return all;
    }
}
