namespace Slipway.Runtime.Tests;

internal sealed class KeyBackoffTests
{
    [Test]
    public void Each_key_waits_5_ms_then_twice_as_long_and_at_most_5_minutes()
    {
        var backoff = new KeyBackoff<string>();
        var delays = Enumerable.Range(0, 40).Select(_ => backoff.Next("a").Delay.TotalMilliseconds).ToList();

        delays.Take(4).Should().Equal(5, 10, 20, 40);
        delays.Should().BeInAscendingOrder();
        delays[^1].Should().Be(TimeSpan.FromMinutes(5).TotalMilliseconds);
        backoff.Next("b").Delay.TotalMilliseconds.Should().Be(5);
    }
}
