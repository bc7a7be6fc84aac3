using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class RepairLogTests
{
    private static readonly ObjectId Id = new("configmaps", new("ns", "c"));

    [Test]
    public void The_same_repair_waits_a_minute_then_twice_as_long_and_at_most_ten_minutes()
    {
        var clock = new FakeTimeProvider();
        var repairs = new RepairLog(clock);
        repairs.Wait(Id, ".a", "h").Should().BeNull();

        var waits = new List<double>();
        for (var round = 0; round < 6; round++)
        {
            repairs.Repaired(Id, ".a", "h");
            var wait = repairs.Wait(Id, ".a", "h")!.Value;
            waits.Add(wait.TotalMinutes);
            clock.Advance(wait);
            repairs.Wait(Id, ".a", "h").Should().BeNull();
        }

        waits.Should().Equal(1, 2, 4, 8, 10, 10);
    }

    [Test]
    public void Another_field_or_another_desire_does_not_wait()
    {
        var repairs = new RepairLog(new FakeTimeProvider());
        repairs.Repaired(Id, ".a", "h");

        repairs.Wait(Id, ".b", "h").Should().BeNull();
        repairs.Wait(Id, ".a", "other").Should().BeNull();
    }

    [Test]
    public void A_repair_long_after_the_last_starts_again()
    {
        var clock = new FakeTimeProvider();
        var repairs = new RepairLog(clock);
        repairs.Repaired(Id, ".a", "h");
        clock.Advance(TimeSpan.FromMinutes(3));

        repairs.Repaired(Id, ".a", "h");

        repairs.Wait(Id, ".a", "h").Should().Be(TimeSpan.FromMinutes(1));
    }
}
