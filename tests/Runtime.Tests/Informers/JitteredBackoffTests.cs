namespace Slipway.Runtime.Tests;

internal sealed class JitteredBackoffTests
{
    [Test]
    public void Waits_double_up_to_the_cap_with_jitter_of_at_most_a_half_and_start_again_after_a_reset()
    {
        var backoff = new JitteredBackoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeProvider.System, new Random(1));

        foreach (var plain in (int[])[100, 200, 400, 800, 1000, 1000])
        {
            backoff.Next().TotalMilliseconds.Should().BeInRange(plain, plain * 1.5);
        }

        backoff.Reset();
        backoff.Next().TotalMilliseconds.Should().BeInRange(100, 150);
    }
}
