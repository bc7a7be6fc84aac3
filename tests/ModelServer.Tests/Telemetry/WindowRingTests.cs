using Microsoft.Extensions.Time.Testing;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Tests.Telemetry;

[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WindowRingTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 20, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly StripedCounters _row = new(2);

    [Test]
    public void A_window_has_the_whole_minutes_inside_it()
    {
        var ring = Ring();
        CountEachMinute(ring, minutes: 10);

        var counts = ring.Read(At(2, 30), At(6, 59));

        (counts.From, counts.To).Should().Be((At(3), At(6)));
        Sum(counts).Should().Be(3 + 4 + 5);
    }

    [TestCase(0)]
    [TestCase(30)]
    [TestCase(59)]
    public void A_window_from_a_whole_minute_to_now_is_there_whole_at_any_second(int second)
    {
        var ring = Ring();
        CountEachMinute(ring, minutes: 10);
        _clock.AdjustTime(At(10, second));

        var counts = ring.Read(At(4), At(10, second).AddSeconds(1));

        (counts.From, counts.To).Should().Be((At(4), At(10, second)));
        Sum(counts).Should().Be(4 + 5 + 6 + 7 + 8 + 9);
    }

    [Test]
    public void Windows_that_touch_have_every_minute_once()
    {
        var ring = Ring();
        CountEachMinute(ring, minutes: 10);

        var parts = Enumerable.Range(0, 10).Select(minute => Sum(ring.Read(At(minute), At(minute + 1))));

        parts.Should().Equal(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Sum(ring.Read(At(0), At(10))).Should().Be(45);
    }

    [Test]
    public void The_running_minute_is_there_when_the_window_reaches_to_now()
    {
        var ring = Ring();
        CountEachMinute(ring, minutes: 3);
        Count(ring, 3);
        _clock.Advance(TimeSpan.FromSeconds(10));

        var all = ring.Read(At(0), DateTimeOffset.MaxValue);
        var before = ring.Read(At(0), At(3, 29));

        (all.From, all.To).Should().Be((Start, At(3, 30)), "the server began at 20 s and has got to 30 s");
        Sum(all).Should().Be(1 + 2 + 3);
        (before.From, before.To).Should().Be((Start, At(3)));
        Sum(before).Should().Be(1 + 2);
    }

    [Test]
    public void What_is_counted_after_an_idle_time_is_of_its_own_minute()
    {
        var ring = Ring();
        Count(ring, 5);
        _clock.Advance(90 * Minute);
        Count(ring, 7);
        _clock.Advance(Minute);

        Sum(ring.Read(At(0), At(90))).Should().Be(5);
        Sum(ring.Read(At(90), At(91))).Should().Be(7);
    }

    [TestCase(-10, -5)]
    [TestCase(20, 30)]
    [TestCase(5, 5)]
    public void A_window_outside_of_what_is_known_covers_nothing(int from, int to)
    {
        var ring = Ring();
        CountEachMinute(ring, minutes: 10);

        var counts = ring.Read(At(from), At(to));

        counts.From.Should().Be(counts.To);
        Sum(counts).Should().Be(0);
    }

    [Test]
    public void A_window_at_the_end_of_time_covers_nothing() =>
        Sum(Ring().Read(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue)).Should().Be(0);

    [Test]
    public void A_window_longer_than_the_ring_says_where_it_begins()
    {
        var ring = Ring(bytes: 1_000);
        CountEachMinute(ring, minutes: 500);

        var counts = ring.Read(At(0), At(500));

        counts.To.Should().Be(At(500));
        counts.From.Should().BeAfter(At(400)).And.BeBefore(At(490));
        counts.Versions.Single().Since.Should().Be(Start, "who asks is to see that minutes had to go");
        var first = (int)(counts.From - At(0)).TotalMinutes;
        Sum(counts).Should().Be(Enumerable.Range(first, 500 - first).Sum());
    }

    [Test]
    public void A_clock_that_is_set_back_loses_no_count_and_takes_none_twice()
    {
        var ring = Ring();
        _clock.Advance(30 * Minute);
        Count(ring, 1);
        _clock.AdjustTime(At(10, 30));
        Count(ring, 10);
        Sum(ring.Read(At(10), At(11))).Should().Be(10);
        _clock.AdjustTime(At(30, 30));
        Count(ring, 100);
        _clock.Advance(Minute);

        Sum(ring.Read(At(10), At(11))).Should().Be(10);
        Sum(ring.Read(At(30), At(31))).Should().Be(101, "that minute has been twice");
        Sum(ring.Read(At(0), At(31))).Should().Be(111);
    }

    [Test]
    public void A_clock_that_is_set_back_behind_the_start_is_followed()
    {
        var ring = Ring();
        Count(ring, 1);
        _clock.AdjustTime(At(-60));
        Count(ring, 10);
        _clock.Advance(Minute);

        var counts = ring.Read(At(-100), At(-59));

        (counts.From, counts.To).Should().Be((At(-60), At(-59)));
        Sum(counts).Should().Be(10);
    }

    [Test]
    public void A_version_that_is_forgotten_is_gone_with_what_it_counted()
    {
        using var metrics = new ServerMetrics("m", new LiveState(new() { SlowThreshold = Minute }), _clock);
        metrics.Of("1").Requested(Protocol.Rest, ErrorCode.Ok, TimeSpan.Zero, wasWhole: true);
        metrics.Of("2").Requested(Protocol.Rest, ErrorCode.Ok, TimeSpan.Zero, wasWhole: true);
        _clock.Advance(Minute);

        metrics.Window.Read(At(0), At(1)).Versions.Select(version => (version.Version, Sum(version))).Should().Equal(("1", 2), ("2", 2));
        metrics.Forget("1");
        metrics.Window.Read(At(0), At(1)).Versions.Select(version => version.Version).Should().Equal("2");

        metrics.Of("1");
        var again = metrics.Window.Read(At(0), At(2)).Versions[1];
        (again.Version, again.Since, Sum(again)).Should().Be(("1", At(1, 20), 0));
    }

    [Test]
    public void Versions_that_come_and_go_take_no_more_room()
    {
        var ring = new WindowRing(_clock, 1_000);
        for (var version = 0; version < 1_000; version++)
        {
            var row = new StripedCounters(2);
            var rows = ring.Add($"{version}", row);
            ring.Turn();
            row.Add(0);
            _clock.Advance(Minute);
            ring.Turn();
            ring.Remove(rows);
        }

        var counts = ring.Read(At(0), At(1_000));

        counts.Versions.Should().BeEmpty();
        counts.From.Should().BeAfter(At(900), "what is gone takes its room until newer counts need it");
    }

    [Test]
    public void Rows_of_which_a_minute_might_not_fit_are_refused()
    {
        var ring = new WindowRing(_clock, 1_000);

        ring.Invoking(each => each.Add("1", new StripedCounters(1_000))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public async Task Nothing_is_lost_or_counted_twice_while_minutes_end_and_windows_are_read(CancellationToken cancellationToken)
    {
        const int Writers = 4;
        const int Each = 50_000;
        var ring = Ring();
        var writing = Enumerable.Range(0, Writers).Select(_ => Task.Run(
            () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    Count(ring, 1);
                }
            },
            cancellationToken)).ToList();
        var all = Task.WhenAll(writing);
        for (var turn = 0; turn < 1_000 && !all.IsCompleted; turn++)
        {
            _clock.Advance(TimeSpan.FromSeconds(7));
            Sum(ring.Read(At(0), DateTimeOffset.MaxValue)).Should().BeInRange(0, Writers * Each);
        }

        await all;
        _clock.Advance(Minute);

        Sum(ring.Read(At(0), DateTimeOffset.MaxValue)).Should().Be(Writers * Each);
        var minutes = (int)Math.Ceiling((_clock.GetUtcNow() - At(0)).TotalMinutes);
        Enumerable.Range(0, minutes).Sum(minute => Sum(ring.Read(At(minute), At(minute + 1)))).Should().Be(Writers * Each);
    }

    [Test]
    public void Counting_allocates_nothing_even_when_a_minute_ends()
    {
        var ring = Ring();
        CountEachMinute(ring, minutes: 3);

        var before = GC.GetAllocatedBytesForCurrentThread();
        ring.Turn();
        _row.Add(0);
        GC.GetAllocatedBytesForCurrentThread().Should().Be(before);
        Sum(ring.Read(At(0), At(3))).Should().Be(1 + 2);
    }

    private static DateTimeOffset At(int minutes, int seconds = 0) => new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero).AddMinutes(minutes).AddSeconds(seconds);

    private static long Sum(WindowCounts counts) => counts.Versions.Sum(Sum);

    private static long Sum(VersionCounts version) => version.Rows.Sum(row => row.Sum());

    private WindowRing Ring(int bytes = WindowRing.MostBytes)
    {
        var ring = new WindowRing(_clock, bytes);
        ring.Add("1", new StripedCounters(3), _row);
        return ring;
    }

    private void Count(WindowRing ring, int amount)
    {
        ring.Turn();
        _row.Add(1, amount);
    }

    /// <summary>Counts n in the n-th minute, and leaves the clock in the next.</summary>
    private void CountEachMinute(WindowRing ring, int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            Count(ring, minute);
            _clock.Advance(Minute);
        }
    }
}
