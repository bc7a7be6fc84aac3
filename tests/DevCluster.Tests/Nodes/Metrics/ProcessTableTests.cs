using Slipway.DevCluster.Nodes.Metrics;

namespace Slipway.DevCluster.Tests.Nodes.Metrics;

internal sealed class ProcessTableTests
{
    [Test]
    public void A_line_of_the_kernel_is_read_whatever_the_name_is()
    {
        var stat = ProcStat.Parse("4242 (a) R (b) S 17 4242 4242 0 -1 4194560 1 2 3 4 150 50 25 75 20 0 3 0 9999 123456789 321 18446744073709551615 1 1 0\n");

        stat.Should().Be(new ProcStat(17, TimeSpan.FromSeconds(3), 321L * System.Environment.SystemPageSize));
    }

    [TestCase("")]
    [TestCase("1 (x) S")]
    [TestCase("no process at all")]
    public void Other_text_is_no_process(string text) => ProcStat.Parse(text).Should().BeNull();

    [Test]
    public void All_processes_below_one_count_and_it_itself_does_not()
    {
        var table = new ProcessTable(new Dictionary<int, ProcStat>
        {
            [10] = new(1, TimeSpan.FromSeconds(100), 1000),
            [11] = new(10, TimeSpan.FromSeconds(1), 1),
            [12] = new(11, TimeSpan.FromSeconds(2), 2),
            [13] = new(11, TimeSpan.FromSeconds(4), 4),
            [14] = new(1, TimeSpan.FromSeconds(8), 8),
        });

        table.Below(10).Should().Be((TimeSpan.FromSeconds(7), 7));
        table.Below(99).Should().Be((TimeSpan.Zero, 0));
    }

    [Test]
    public void Usage_is_told_once_a_process_was_measured_twice_and_anew_after_a_restart()
    {
        var (start, horizon) = (DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(10));
        var first = PodReading.None.With(Pod(10), Table(10, 1), start);
        var second = first.With(Pod(10), Table(10, 6), start + horizon);
        var restarted = second.With(Pod(20), Table(20, 1), start + horizon + horizon);

        first.Usage.Should().BeNull();
        second.Usage!.Containers.Should().Equal(new Slipway.DevCluster.ApiServer.ContainerUsage("server", 0.5, 64));
        second.Usage.Window.Should().Be(horizon);
        restarted.Usage.Should().BeNull();
    }

    private static RunningPod Pod(int process) => new("default", "p", "uid", new Dictionary<string, int> { ["server"] = process }, null);

    private static ProcessTable Table(int process, int seconds) => new(new Dictionary<int, ProcStat> { [process + 1] = new(process, TimeSpan.FromSeconds(seconds), 64) });
}
