using Slipway.Benchmarks.Fleet;

namespace Slipway.Benchmarks.Tests.Fleet;

internal sealed class FleetOptionsTests
{
    [TestCase(1000, false)]
    [TestCase(100, true, "--quick")]
    [TestCase(1000, false, "windows")]
    [TestCase(100, true, "windows", "--quick")]
    public void Quick_takes_a_tenth_of_the_models(int models, bool isQuick, params string[] args)
    {
        var options = FleetOptions.TryParse(args)!;
        (options.Few, options.Quick, options.WindowsAlone).Should().Be((models, isQuick, args.Contains("windows")));
    }

    [Test]
    public void An_unknown_option_is_refused() => FleetOptions.TryParse(["--fast"]).Should().BeNull();
}
