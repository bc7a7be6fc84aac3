using Slipway.ModelServer.Feedback;

namespace Slipway.ModelServer.Tests.Feedback;

internal sealed class RecentIdsTests
{
    [Test]
    public void The_last_ids_are_known_and_the_oldest_forgotten()
    {
        var ids = new RecentIds(3);
        foreach (var id in (string[])["a", "b", "c"])
        {
            ids.TryAdd(RecentIds.Key("1", id)).Should().BeTrue();
        }

        ids.TryAdd(RecentIds.Key("1", "a")).Should().BeFalse();
        ids.TryAdd(RecentIds.Key("1", "d")).Should().BeTrue();
        ids.TryAdd(RecentIds.Key("1", "b")).Should().BeFalse();
        ids.TryAdd(RecentIds.Key("1", "a")).Should().BeTrue("it was the oldest of more than three");
    }

    [Test]
    public void An_id_is_of_its_version()
    {
        RecentIds.Key("1", "a").Should().Be(RecentIds.Key("1", "a"));
        RecentIds.Key("1", "a").Should().NotBe(RecentIds.Key("2", "a"));
        RecentIds.Key("1", "1a").Should().NotBe(RecentIds.Key("11", "a"));
    }
}
