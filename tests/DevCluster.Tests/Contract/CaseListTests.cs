using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.Contract;

public sealed class CaseListTests
{
    private const int RecordedCases = 70;
    private const int RecordedSessions = 74;
    private readonly CaseList _list = CaseList.Load();

    [Test]
    public void Every_recording_is_listed()
    {
        _list.Cases.Should().HaveCount(RecordedCases);
        _list.Sessions.Keys.Select(name => name[..2]).Should().BeEquivalentTo(Enumerable.Range(1, RecordedSessions).Select(n => $"{n:00}"));
    }

    [Test]
    public void What_is_replayed_is_here_and_what_is_left_for_later_is_not()
    {
        Recordings.Names("cases").Should().BeEquivalentTo(Replayed(_list.Cases));
        Recordings.Names("Sessions/recorded").Should().BeEquivalentTo(Replayed(_list.Sessions));
    }

    [Test]
    public void Everything_but_a_full_reproduction_has_its_reason()
    {
        foreach ((string name, ListedCase listed) in _list.Cases.Concat(_list.Sessions))
        {
            (listed.Reason.Length > 0).Should().Be(listed.State == CaseState.Later, "{0} is {1}", name, listed.State);
            (listed.Differences.Count > 0).Should().Be(listed.State == CaseState.Differs, "{0} is {1}", name, listed.State);
            listed.Differences.Should().NotContain(difference => difference.Reason.Length == 0 || difference.Steps.Count == 0, "of {0}", name);
        }
    }

    private static IEnumerable<string> Replayed(Dictionary<string, ListedCase> listed) =>
        listed.Where(pair => pair.Value.State != CaseState.Later).Select(pair => pair.Key);
}
