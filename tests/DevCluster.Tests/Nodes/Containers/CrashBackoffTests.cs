using Slipway.DevCluster.Nodes.Containers;

namespace Slipway.DevCluster.Tests.Nodes.Containers;

internal sealed class CrashBackoffTests
{
    [Test]
    public void Waits_double_up_to_the_cap_and_start_over_after_a_long_run()
    {
        var backoff = new CrashBackoff(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(35), TimeSpan.FromMinutes(10));
        var waits = Enumerable.Range(0, 5).Select(_ => backoff.Next(TimeSpan.FromSeconds(1)).TotalSeconds).ToList();

        waits.Should().Equal(0, 10, 20, 35, 35);
        backoff.Next(TimeSpan.FromMinutes(11)).Should().Be(TimeSpan.Zero);
    }
}
