using Slipway.ModelServer.Drift;
using Slipway.ModelServer.DriftReports;

namespace Slipway.ModelServer.Tests.DriftReports;

internal sealed class DriftTableTests
{
    private static readonly FeatureDrift Amount = new()
    {
        Name = "amount",
        Kind = FeatureKind.Numeric,
        Verdict = DriftVerdict.Drifted,
        Rows = 12_000,
        MissingShare = 0.25,
        Psi = 1.23456,
        JensenShannonDivergence = 0.5,
        KolmogorovSmirnov = 0.75,
        ChiSquarePValue = 1e-9,
        Bins = [],
    };

    private static readonly FeatureDrift Label = new()
    {
        Name = "output.label",
        Kind = FeatureKind.Categorical,
        Verdict = DriftVerdict.TooFewRows,
        Rows = 0,
        Bins = [],
    };

    [Test]
    public void A_feature_is_a_line_and_a_sentence_tells_what_it_means() => DriftTable.Of(Report(Amount, Label)).Should().Be(
        """
        feature       kind          rows  missing    PSI     JS     KS  TV    χ² p  verdict
        amount        numeric      12000    0.250  1.235  0.500  0.750   -  <0.001  drifted
        output.label  categorical      0        -      -      -      -   -       -  too few rows

        1 of 1 features have a population stability index above 0.2: amount. Nothing can be said of output.label.
        """);

    [Test]
    public void What_has_not_drifted_and_what_nobody_can_tell_is_said_in_other_words()
    {
        var stable = Amount with { Verdict = DriftVerdict.Stable };

        DriftTable.Of(Report(stable, Label)).Should().EndWith("None of 1 features has a population stability index above 0.2. Nothing can be said of output.label.");
        DriftTable.Of(Report(stable)).Should().EndWith("None of 1 features has a population stability index above 0.2.");
        DriftTable.Of(Report(Label, Label with { Verdict = DriftVerdict.WindowTooShort })).Should().Contain("window too short").And.EndWith("Nothing can be said of any of 2 features.");
        DriftTable.Of(Report(stable with { Verdict = DriftVerdict.Moderate })).Should().Contain("moderate");
    }

    private static DriftReport Report(params FeatureDrift[] features) => new()
    {
        Baseline = "baseline.json",
        Data = "new.csv",
        Rows = 12_000,
        Threshold = 0.2,
        MinSamples = 500,
        Features = features,
    };
}
