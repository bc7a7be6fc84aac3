using Slipway.Api.Monitoring;

namespace Slipway.Api.Tests.Monitoring;

internal sealed class IncompleteGammaTests
{
    [TestCase(0.5, 0.01, 0.887537083981715)]
    [TestCase(0.5, 0.5, 0.31731050786291115)]
    [TestCase(0.5, 30, 9.485737571073857e-15)]
    [TestCase(1, 1, 0.36787944117144245)]
    [TestCase(1.5, 2.4, 0.1870417489049077)]
    [TestCase(2.5, 3.6, 0.2061859197095561)]
    [TestCase(11.5, 5, 0.991276645266689)]
    [TestCase(11.5, 12.4, 0.3606792290919468)]
    [TestCase(11.5, 12.6, 0.3400564073355776)]
    [TestCase(11.5, 90, 2.574489780255256e-26)]
    [TestCase(12, 200, 7.511277374507427e-70)]
    [TestCase(0.5, 650, 1.1303728441493301e-284)]
    [TestCase(50, 45, 0.7531979655998298)]
    [TestCase(50, 51, 0.42560514048314035)]
    [TestCase(500, 480, 0.8137180268096754)]
    [TestCase(500, 620, 2.815233228954229e-07)]
    [TestCase(5000, 5200, 0.0025848134953538114)]
    [TestCase(3, 1e-08, 1.0)]
    public void It_is_what_SciPy_computes(double a, double x, double expected) =>
        IncompleteGamma.UpperRegularized(a, x).Should().BeApproximately(expected, expected * 1e-10);

    [TestCase(0.5)]
    [TestCase(7)]
    public void It_falls_from_one_to_nothing(double a)
    {
        IncompleteGamma.UpperRegularized(a, 0).Should().Be(1);
        IncompleteGamma.UpperRegularized(a, double.PositiveInfinity).Should().Be(0);
    }
}
