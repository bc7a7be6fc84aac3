using Slipway.Benchmarks.Server;

namespace Slipway.Benchmarks.Tests.Server;

internal sealed class BenchOptionsTests
{
    [Test]
    public void Without_names_every_figure_is_wanted_in_fifteen_rounds()
    {
        var options = BenchOptions.TryParse([])!;
        options.Rounds.Should().BeGreaterThanOrEqualTo(15);
        options.Wants("encoder_c8_cpu_vs_inprocess").Should().BeTrue();
    }

    [Test]
    public void A_part_of_a_name_chooses_figures()
    {
        var options = BenchOptions.TryParse(["--quick", "vision", "start"])!;
        options.Rounds.Should().BeLessThan(15);
        options.Wants("vision_json_c8_cpu_vs_inprocess").Should().BeTrue();
        options.Wants("start_vs_jit").Should().BeTrue();
        options.Wants("rss_over_bare_mb").Should().BeFalse();
    }

    [Test]
    public void An_unknown_option_is_refused() => BenchOptions.TryParse(["--fast"]).Should().BeNull();
}
