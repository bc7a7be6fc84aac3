using Slipway.DevCluster.Tests.Contract.Comparison;
using Slipway.DevCluster.Tests.Contract.Recording;
using Slipway.DevCluster.Tests.Contract.Replay;

namespace Slipway.DevCluster.Tests.Contract;

/// <summary>Replays every listed case; see README.md here.</summary>
[NonParallelizable]
public sealed class ContractTests
{
    private const int ShownDifferences = 12;
    private const int CaseLimitMilliseconds = 120_000;
    private static readonly CaseList List = CaseList.Load();
    private int _reproduced;
    private int _different;

    public static IEnumerable<TestCaseData> Cases() => List.Cases
        .Where(listed => listed.Value.State != CaseState.Later)
        .Select(listed => new TestCaseData(listed.Key).SetName(listed.Key));

    [TestCaseSource(nameof(Cases))]
    [CancelAfter(CaseLimitMilliseconds)]
    public async Task Is_answered_as_recorded(string name, CancellationToken cancellationToken)
    {
        ListedCase listed = List.Cases[name];
        IReadOnlyList<Difference> found = await ReplayAsync(Recordings.Case(name), listed.Differences, cancellationToken);

        IReadOnlyList<Difference> unexpected = Acceptance.Unexpected(found, listed.Differences);
        if (unexpected.Count > 0)
        {
            Assert.Fail($"{name}: {unexpected.Count} answers are not as recorded\n{string.Join('\n', unexpected.Take(ShownDifferences))}");
        }

        if (!ContractServer.IsExternal)
        {
            Acceptance.Stale(found, listed.Differences).Should().BeEmpty("what cases.yaml accepts for {0} must still occur", name);
        }

        _ = listed.State == CaseState.Reproduced ? _reproduced++ : _different++;
    }

    [OneTimeTearDown]
    public void Count()
    {
        int later = List.Cases.Count(listed => listed.Value.State == CaseState.Later);
        TestContext.Progress.WriteLine(
            $"contract: {List.Cases.Count} cases, {_reproduced} reproduced, {_different} with listed differences, {later} later");
    }

    private static async Task<IReadOnlyList<Difference>> ReplayAsync(
        RecordedCase recorded, IReadOnlyList<AcceptedDifference> accepted, CancellationToken cancellationToken)
    {
        await using ContractServer server = await ContractServer.StartAsync(recorded.Controllers, cancellationToken);
        using ContractClient client = new(server.Configuration);
        CaseSetup setup = new(client, TimeProvider.System);
        await setup.PrepareAsync(recorded, cancellationToken);
        CaseReplay replay = new(client, recorded, accepted, TimeProvider.System, server.Compact);
        if (!recorded.Controllers)
        {
            return await replay.RunAsync(cancellationToken);
        }

        await using KubeletStandIn kubelet = await KubeletStandIn.StartAsync(client, recorded.Namespace, TimeProvider.System, cancellationToken);
        await setup.UntilPodsAreBoundAsync(cancellationToken);
        return await replay.RunAsync(cancellationToken);
    }
}
