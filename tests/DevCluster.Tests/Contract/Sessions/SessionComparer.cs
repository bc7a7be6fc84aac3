using Slipway.DevCluster.Tests.Contract.Comparison;

namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>Compares a run of kubectl with the recorded one. Every difference counts as one of step 0.</summary>
internal static class SessionComparer
{
    public static IReadOnlyList<Difference> Compare(RecordedSession recorded, SessionRun run)
    {
        List<Difference> differences = [];
        if (run.Exit is { } exit && exit != recorded.Exit)
        {
            differences.Add(new Difference(0, "exit", $"{recorded.Exit}", $"{exit}"));
        }

        Add(differences, "stdout", SessionText.Lines(recorded.Output), SessionText.Lines(run.Output));
        Add(differences, "stderr", SessionText.Lines(recorded.Error), SessionText.Lines(run.Error));
        Add(differences, "requests", InOrder(recorded.Requests), InOrder(run.Requests));
        return differences;
    }

    /// <summary>
    /// Discovery first and sorted: clients send these in parallel with what follows. Watches last and sorted: they are open beside all the rest, and
    /// count when they end.
    /// </summary>
    private static IReadOnlyList<string> InOrder(IReadOnlyList<SessionRequest> requests) =>
    [
        .. requests.Where(request => request.IsDiscovery).Select(request => request.ToString()).Order(StringComparer.Ordinal),
        .. requests.Where(request => !request.IsDiscovery && !request.IsWatch).Select(request => request.ToString()),
        .. requests.Where(request => request.IsWatch).Select(request => request.ToString()).Order(StringComparer.Ordinal),
    ];

    private static void Add(List<Difference> differences, string path, IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        string[] missing = [.. Without(expected, actual)];
        string[] extra = [.. Without(actual, expected)];
        if (missing.Length > 0)
        {
            differences.Add(new Difference(0, $"{path}.missing", string.Join('\n', missing), ""));
        }

        if (extra.Length > 0)
        {
            differences.Add(new Difference(0, $"{path}.extra", "", string.Join('\n', extra)));
        }

        if (missing.Length + extra.Length == 0 && !expected.SequenceEqual(actual))
        {
            differences.Add(new Difference(0, $"{path}.order", string.Join('\n', expected), string.Join('\n', actual)));
        }
    }

    private static IEnumerable<string> Without(IEnumerable<string> lines, IEnumerable<string> others)
    {
        List<string> left = [.. others];
        return lines.Where(line => !left.Remove(line));
    }
}
