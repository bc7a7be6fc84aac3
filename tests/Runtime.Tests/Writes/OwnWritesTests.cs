using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class OwnWritesTests
{
    private static readonly ObjectId Id = new("configmaps", new("ns", "c"));

    private FakeTimeProvider _clock = null!;
    private OwnWrites _writes = null!;

    [SetUp]
    public void Create()
    {
        _clock = new();
        _writes = new(_clock);
    }

    [Test]
    public void The_answer_stands_for_the_cached_object_until_the_cache_moves_past_what_was_replaced()
    {
        _writes.Wrote(Id, At("10"), At("10"), At("11"));
        Version(_writes.View(Id, At("10"))).Should().Be("11");

        Version(_writes.View(Id, At("12"))).Should().Be("12");
        Version(_writes.View(Id, At("10"))).Should().Be("10", "what was overtaken is forgotten");
    }

    [Test]
    public void After_two_writes_the_answer_to_the_first_is_old_too()
    {
        _writes.Wrote(Id, At("10"), At("10"), At("11"));
        _writes.Wrote(Id, At("10"), At("11"), At("12"));

        Version(_writes.View(Id, At("11"))).Should().Be("12");
    }

    [Test]
    public void A_created_object_is_there_before_the_cache_shows_it_and_a_deleted_one_is_not()
    {
        _writes.Wrote(Id, null, null, At("11"));
        Version(_writes.View(Id, null)).Should().Be("11");

        _writes.Deleted(Id, At("11"));

        _writes.View(Id, At("11")).Should().BeNull();
    }

    [Test]
    public void An_object_that_the_cache_saw_go_is_gone()
    {
        _writes.Wrote(Id, null, null, At("11"));

        _writes.CacheMoved(Id, null);

        _writes.View(Id, null).Should().BeNull();
    }

    [Test]
    public void A_write_that_the_cache_never_shows_is_forgotten_after_a_minute()
    {
        _writes.Wrote(Id, null, null, At("11"));

        _clock.Advance(OwnWrites.Lifetime);

        _writes.View(Id, null).Should().BeNull();
    }

    [TestCase("", "11", false)]
    [TestCase("ns", "110", false)]
    [TestCase("ns", "9", true)]
    [TestCase("other", "110", true)]
    [TestCase("", "eleven", true)]
    public void What_a_whole_list_of_a_later_version_lacks_is_gone_though_the_cache_never_showed_it(string @namespace, string version, bool stands)
    {
        _writes.Wrote(Id, null, null, At("11"));
        _writes.Wrote(Id with { Resource = "services" }, null, null, At("11"));

        _writes.CacheListed("configmaps", @namespace, version);

        (_writes.View(Id, null) is not null).Should().Be(stands);
        _writes.View(Id with { Resource = "services" }, null).Should().NotBeNull("another kind was listed");
    }

    [Test]
    public void A_write_that_the_cache_showed_before_its_answer_came_is_not_kept()
    {
        _writes.Wrote(Id, null, null, At("11"));

        _writes.CacheShows(Id, "10");
        _writes.IsPending(Id).Should().BeTrue();
        _writes.CacheShows(Id, "11");
        _writes.IsPending(Id).Should().BeFalse();
    }

    [Test]
    public void Old_writes_are_dropped_though_nobody_asks_for_them()
    {
        _writes.Wrote(Id, null, null, At("11"));

        _clock.Advance(2 * OwnWrites.Lifetime);

        _writes.IsPending(Id).Should().BeFalse();
    }

    [Test]
    public void What_is_settled_is_settled_for_one_version_and_one_desire()
    {
        _writes.Settle(Id, "10", 7);

        _writes.IsSettled(Id, "10", 7).Should().BeTrue();
        _writes.IsSettled(Id, "11", 7).Should().BeFalse();
        _writes.IsSettled(Id, "10", 8).Should().BeFalse();
    }

    [Test]
    public void What_is_settled_stays_so_when_the_cache_shows_it_and_no_longer_when_it_shows_another_version()
    {
        _writes.Settle(Id, "10", 7);

        _writes.CacheMoved(Id, "10");
        _writes.IsSettled(Id, "10", 7).Should().BeTrue();
        _writes.CacheMoved(Id, "11");
        _writes.IsSettled(Id, "10", 7).Should().BeFalse();
    }

    private static ObjectVersion At(string version) => new(version, () => new() { ["metadata"] = new JsonObject { ["resourceVersion"] = version } });

    private static string? Version(ObjectVersion? entity) => entity?.Version;
}
