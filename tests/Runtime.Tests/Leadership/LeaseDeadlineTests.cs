using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class LeaseDeadlineTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Who_never_held_the_lease_may_not_write() => Deadline().Invoking(deadline => deadline.Check("PUT /x")).Should().Throw<NotLeaderException>().WithMessage("PUT /x was not sent*");

    [Test]
    public void The_time_counts_from_before_the_renewal_was_sent()
    {
        var deadline = Deadline();
        var sent = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(4));

        deadline.Renewed(sent);

        deadline.Left.Should().Be(TimeSpan.FromSeconds(6));
        _clock.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromTicks(1));
        deadline.Invoking(held => held.Check("PUT /x")).Should().NotThrow();
        _clock.Advance(TimeSpan.FromTicks(1));
        deadline.Invoking(held => held.Check("PUT /x")).Should().Throw<NotLeaderException>();
    }

    [Test]
    public void A_clock_that_is_set_back_or_forward_changes_nothing()
    {
        var clock = new SettableClock();
        var deadline = new LeaseDeadline(TimeSpan.FromSeconds(10), clock);
        deadline.Renewed(clock.GetTimestamp());

        clock.Wall = clock.Wall.AddYears(1);

        deadline.Left.Should().Be(TimeSpan.FromSeconds(10));
    }

    [Test]
    public void The_end_is_at_once()
    {
        var deadline = Deadline();
        deadline.Renewed(_clock.GetTimestamp());

        deadline.End();

        deadline.Left.Should().Be(TimeSpan.Zero);
    }

    private LeaseDeadline Deadline() => new(TimeSpan.FromSeconds(10), _clock);

    /// <summary>A wall clock beside a monotonic one that stands still.</summary>
    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Wall { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => 1;
    }
}
