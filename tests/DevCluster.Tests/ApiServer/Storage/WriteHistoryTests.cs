using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.Tests.ApiServer.Storage;

/// <summary>Revisions are even, so that each odd one lies between two writes.</summary>
internal sealed class WriteHistoryTests
{
    private const int Limit = 3;
    private const int All = 99;

    [Test]
    public void Beyond_the_limit_each_write_forgets_the_oldest()
    {
        var history = new WriteHistory(Limit);

        var forgotten = new long[] { 2, 4, 6, 8, 10 }.Select(revision => history.Add(Write(revision))?.Revision).ToList();

        forgotten.Should().Equal(null, null, null, 2, 4);
        Revisions(history.After(0, All)).Should().Equal(6, 8, 10);
    }

    [TestCase(6, All, new long[] { 8, 10 })]
    [TestCase(7, All, new long[] { 8, 10 })]
    [TestCase(8, All, new long[] { 10 })]
    [TestCase(10, All, new long[0])]
    [TestCase(11, All, new long[0])]
    [TestCase(0, 2, new long[] { 6, 8 })]
    [TestCase(6, 1, new long[] { 8 })]
    [TestCase(6, 2, new long[] { 8, 10 })]
    public void After_a_revision_come_the_writes_that_follow_it_at_most_as_many_as_asked_for(long revision, int most, long[] expected) =>
        Revisions(Kept6To10().After(revision, most)).Should().Equal(expected);

    [TestCase(0, null)]
    [TestCase(4, null)]
    [TestCase(5, null)]
    [TestCase(6, 6L)]
    [TestCase(7, 6L)]
    [TestCase(9, 8L)]
    [TestCase(10, 10L)]
    [TestCase(11, 10L)]
    public void The_last_write_up_to_a_revision_is_one_that_is_kept(long revision, long? expected) =>
        (Kept6To10().LastUpTo(revision)?.Revision).Should().Be(expected);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(Limit)]
    public void After_many_times_the_limit_it_is_as_right_as_at_first(int limit)
    {
        var history = new WriteHistory(limit);
        var written = new List<long>();

        for (var revision = 2L; written.Count < 6 * limit; revision += 2)
        {
            var forgotten = history.Add(Write(revision))?.Revision;
            written.Add(revision);

            var kept = written.TakeLast(limit).ToList();
            forgotten.Should().Be(written.Count > limit ? kept[0] - 2 : null);
            Revisions(history.After(0, All)).Should().Equal(kept);
            Revisions(history.After(kept[0], All)).Should().Equal(kept.Skip(1));
            history.LastUpTo(kept[0] - 1).Should().BeNull();
            history.LastUpTo(kept[0])!.Revision.Should().Be(kept[0]);
            history.LastUpTo(revision + 1)!.Revision.Should().Be(revision);
        }
    }

    [Test]
    public void A_cleared_history_is_empty_and_has_room_again()
    {
        var history = Kept6To10();

        history.Clear();

        history.After(0, All).Should().BeEmpty();
        history.LastUpTo(10).Should().BeNull();
        new long[] { 12, 14, 16 }.Select(revision => history.Add(Write(revision))).Should().OnlyContain(forgotten => forgotten == null);
        Revisions(history.After(0, All)).Should().Equal(12, 14, 16);
    }

    private static WriteHistory Kept6To10()
    {
        var history = new WriteHistory(Limit);
        foreach (var revision in (long[])[2, 4, 6, 8, 10])
        {
            history.Add(Write(revision));
        }

        return history;
    }

    private static StoreEvent Write(long revision) =>
        new(StoreEventType.Added, new(new("ns", "x"), [], revision), Previous: null, TableSnapshot.Empty);

    private static IEnumerable<long> Revisions(IEnumerable<StoreEvent> writes) => writes.Select(write => write.Revision);
}
