namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>
/// The equalities within one case: one recorded uid is always the same uid here and the other way round, and an object's resourceVersion
/// stays or moves here exactly where it stayed or moved in the recording. List versions are equal on all pages of one list.
/// </summary>
internal sealed class Identities
{
    private readonly Dictionary<string, string> _forward;
    private readonly Dictionary<string, string> _back;

    public Identities()
        : this([], [])
    {
    }

    private Identities(Dictionary<string, string> forward, Dictionary<string, string> back)
    {
        _forward = forward;
        _back = back;
    }

    /// <summary>A copy, for a comparison that may be thrown away.</summary>
    public Identities Copy() => new(new(_forward), new(_back));

    public bool MatchUid(string expected, string actual) => Match("uid/" + expected, actual, "uid/" + actual, expected);

    /// <summary>Compares the version of the object whose recorded uid is <paramref name="uid"/>.</summary>
    public bool MatchVersion(string uid, string expected, string actual) =>
        Match($"version/{uid}/{expected}", actual, $"version/{uid}/{actual}", expected);

    /// <summary>Notes the version of a list's first page; a later page must have the same.</summary>
    public bool MatchList(string expected, string actual, bool isLaterPage)
    {
        string key = "list/" + expected;
        if (isLaterPage && _forward.TryGetValue(key, out string? first))
        {
            return first == actual;
        }

        _forward[key] = actual;
        return true;
    }

    private bool Match(string expectedKey, string actual, string actualKey, string expected)
    {
        _forward.TryAdd(expectedKey, actual);
        _back.TryAdd(actualKey, expected);
        return _forward[expectedKey] == actual && _back[actualKey] == expected;
    }
}
