using Slipway.DevCluster.Tests.Contract.Comparison;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>Runs the recorded commands in their order with the real kubectl and helm, and judges each of them; see README.md beside.</summary>
[NonParallelizable]
public sealed class SessionTests
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(4);
    private static readonly CaseList List = CaseList.Load();
    private readonly Dictionary<string, IReadOnlyList<Difference>> _found = [];

    public static IEnumerable<TestCaseData> Sessions() => Listed().Select(name => new TestCaseData(name).SetName("session " + name));

    [OneTimeSetUp]
    public async Task Run_all_sessions_in_order()
    {
        using CancellationTokenSource limit = new(RunLimit);
        await using SessionReplay replay = await SessionReplay.StartAsync(limit.Token);
        foreach (string name in Listed())
        {
            RecordedSession session = RecordedSession.Load(name);
            _found[name] = SessionComparer.Compare(session, await replay.RunAsync(session, limit.Token));
        }
    }

    [TestCaseSource(nameof(Sessions))]
    public void Runs_as_recorded(string name)
    {
        List<AcceptedDifference> accepted = List.Sessions[name].Differences;

        IReadOnlyList<Difference> unexpected = Acceptance.Unexpected(_found[name], accepted);
        if (unexpected.Count > 0)
        {
            Assert.Fail($"{name} did not run as recorded\n{string.Join('\n', unexpected)}");
        }

        Acceptance.Stale(_found[name], accepted).Should().BeEmpty("what cases.yaml accepts for {0} must still occur", name);
    }

    private static IEnumerable<string> Listed() => List.Sessions
        .Where(listed => listed.Value.State != CaseState.Later)
        .Select(listed => listed.Key)
        .Order(StringComparer.Ordinal);
}
