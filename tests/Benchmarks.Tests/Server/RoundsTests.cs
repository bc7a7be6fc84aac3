using Slipway.Benchmarks.Server;

namespace Slipway.Benchmarks.Tests.Server;

internal sealed class RoundsTests
{
    [Test]
    public async Task Sides_take_turns_A_B_B_A_after_their_warm_up()
    {
        var order = "";
        await Rounds.CompareAsync(3, 2, () => Run("A"), () => Run("B"));
        order.Should().Be("ABABAB" + "ABBA" + "ABBA");

        Task<Measurement> Run(string side)
        {
            order += side;
            return Task.FromResult(new Measurement(1, 1));
        }
    }

    [Test]
    public async Task A_machine_that_slows_down_steadily_leaves_the_ratio_as_it_is()
    {
        var slowness = 1.0;
        var (cpu, throughput) = await Rounds.CompareAsync(1, 3, () => Run(3), () => Run(2));
        cpu.Value.Should().BeApproximately(1.5, 1e-3);
        throughput.Value.Should().BeApproximately(2 / 3.0, 1e-3);

        Task<Measurement> Run(double cost)
        {
            slowness += 0.01;
            return Task.FromResult(new Measurement(cost * slowness, 1 / (cost * slowness)));
        }
    }

    [Test]
    public async Task A_difference_is_of_the_means_of_both_runs()
    {
        var a = new Queue<double>([0, 0, 0, 10, 14]);
        var b = new Queue<double>([0, 0, 0, 1, 3]);
        var difference = await Rounds.DifferenceAsync(3, 1, () => Task.FromResult(a.Dequeue()), () => Task.FromResult(b.Dequeue()));
        difference.Should().Be(Interval.Exactly(10));
    }

    [Test]
    public async Task Many_sides_run_in_order_and_then_in_reverse()
    {
        var order = "";
        var sums = await Rounds.CpuAsync(3, 1, [() => Run("A", 1), () => Run("B", 2), () => Run("C", 3)]);
        order.Should().Be("ABCABCABC" + "ABCCBA");
        sums.Should().BeEquivalentTo(new double[][] { [2], [4], [6] }, options => options.WithStrictOrdering());

        Task<Measurement> Run(string side, double cpu)
        {
            order += side;
            return Task.FromResult(new Measurement(cpu, 1));
        }
    }
}
