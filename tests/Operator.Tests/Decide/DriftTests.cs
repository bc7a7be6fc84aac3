using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Decide;

internal sealed class DriftTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FleetFeature Same = Feature("amount", 500, 500);
    private static readonly FleetFeature Shifted = Feature("hour", 900, 100);

    private static IEnumerable<TestCaseData> Windows()
    {
        yield return Case("nothing strays", Seen(Same), "False", "NoDrift", "None of 1 features * above 0.2 over 24h; the largest is amount 0.00.");
        yield return Case("one strays", Seen(Same, Shifted), "True", "Drifted", "1 of 2 features * above 0.2 over 24h: hour 0.88.");
        yield return Case("what strays is not watched", Seen(Same, Shifted), "False", "NoDrift", "*", features: ["amount"]);
        yield return Case("too little was seen", Seen(Feature("amount", 300, 100)), "Unknown", "TooFewSamples", "No feature has 500 rows*");
        yield return Case("too little for so many bins", Seen(Feature("amount", [.. Enumerable.Repeat(40L, 20)])), "Unknown", "TooFewSamples", "*");
        yield return Case("the day is not over", Seen(Same with { Seasonality = "24h" }) with { Coverage = 0.5 }, "Unknown", "WindowTooShort", "amount comes round every 24h, and the pods cannot tell of as long: it takes until they have run for that long.");
        yield return Case("the window is shorter than a week", Seen(Same with { Seasonality = "168h" }), "Unknown", "WindowTooShort", "amount comes round every 168h, *: it takes a longer spec.monitoring.drift.window.");
        yield return Case("no pod remembers a day", Seen(Same with { Seasonality = "24h" }) with { Coverage = 0.9, IsMemoryFull = true }, "Unknown", "WindowTooShort", "amount comes round every 24h, *memory of past minutes is full*--features*Prometheus*");
        yield return Case("no pod remembers a week, and the window is a day", Seen(Same with { Seasonality = "168h" }) with { IsMemoryFull = true }, "Unknown", "WindowTooShort", "*a longer spec.monitoring.drift.window.");
        yield return Case("the day is not over and another strays", Seen(Same with { Seasonality = "24h" }, Shifted) with { Coverage = 0.5 }, "True", "Drifted", "*hour 0.88*");
        yield return Case("no baseline", Seen(), "Unknown", "NoBaseline", "The version has no baseline.json*");
        yield return Case("no such feature", Seen(Same), "Unknown", "NoBaseline", "The version's baseline.json lacks features of spec.monitoring.drift.features: colour. *", features: ["colour"]);
        yield return Case("a name is misspelt", Seen(Same, Shifted), "Unknown", "NoBaseline", "* spec.monitoring.drift.features: huor. *", features: ["amount", "huor"]);
        yield return Case("a name is misspelt and another strays", Seen(Same, Shifted), "True", "Drifted", "* hour 0.88. * spec.monitoring.drift.features: amuont. *", features: ["amuont", "hour"]);
        yield return Case("many names are misspelt", Seen(Same), "Unknown", "NoBaseline", "*: a, b, c, d, e, …. *", features: ["a", "b", "c", "d", "e", "f", "amount"]);
        yield return Case("one pod does not answer", Seen(Same) with { Answered = 1 }, "Unknown", "PodsUnreachable", "Not every ready pod told what it counted*");
        yield return Case("one pod does not answer and the other strays", Seen(Same, Shifted) with { Answered = 1 }, "True", "Drifted", "*hour 0.88*");
        yield return Case("one pod does not answer and the day is not over", Seen(Same with { Seasonality = "24h" }) with { Answered = 1 }, "Unknown", "PodsUnreachable", "*");
        yield return Case("nobody answers", new([], 0, 2, 0), "Unknown", "PodsUnreachable", "*");
    }

    [TestCaseSource(nameof(Windows))]
    public void The_condition_says_what_the_counts_say_and_nothing_that_they_do_not(object window, string status, string reason, string message, string[] features)
    {
        var decision = Decide(Model(features), (FleetWindow)window);

        var condition = decision.Status.Conditions.Single(known => known.Type == "Drifted");
        (condition.Status, condition.Reason).Should().Be((status, reason));
        condition.Message.Should().Match(message);
        (decision.Status.Drift is not null).Should().Be(status != "Unknown");
        decision.Status.Conditions[0].Status.Should().Be("True", "drift says nothing about Ready");
    }

    [Test]
    public void Drift_that_is_not_watched_has_no_condition() =>
        Decide(A.Model(), null).Status.Conditions.Should().NotContain(condition => condition.Type == "Drifted");

    [Test]
    public void What_was_told_stays_while_new_pods_are_to_be_asked_and_nothing_is_told_of_a_model_that_never_was()
    {
        var model = Model();
        Decide(model, FleetWindow.Awaited).Status.Conditions.Should().NotContain(condition => condition.Type == "Drifted");
        model.Status = Decide(model, Seen(Shifted)).Status;
        model.Metadata.Generation++;

        var status = Decide(model, FleetWindow.Awaited, Now.AddMinutes(1)).Status;

        status.Drift.Should().Be(model.Status.Drift);
        status.Conditions.Should().ContainSingle(condition => condition.Type == "Drifted").Which.Should().BeEquivalentTo(model.Status.Conditions.Single(condition => condition.Type == "Drifted"));
    }

    [Test]
    public void The_score_tells_of_the_feature_that_strays_most_and_how_much_was_seen()
    {
        var drift = Decide(Model(), Seen(Same, Shifted) with { Coverage = 0.754 }).Status.Drift!;

        (drift.Score, drift.Feature, drift.Coverage, drift.ObservedAt).Should().Be((0.879m, "hour", 0.75m, Now.UtcDateTime));
    }

    [Test]
    public void What_a_pod_told_fits_into_status_and_rests_there()
    {
        var extreme = Shifted with { Name = new('x', 161), Score = 101.3 };
        var model = Model();
        model.Status = Decide(model, Seen(extreme)).Status;

        (model.Status.Drift!.Score, model.Status.Drift.Feature).Should().Be((100m, new string('x', 160)));
        Decide(model, Seen(extreme), Now.AddHours(1)).Status.Drift.Should().Be(model.Status.Drift);
    }

    [TestCase(515, 1, false, Description = "less than a step")]
    [TestCase(600, 1, false, Description = "soon after the last")]
    [TestCase(600, 6, true)]
    public void A_figure_is_written_anew_when_it_moved_by_a_step_and_rested_for_a_while(long first, int minutes, bool isAnew)
    {
        var model = Model();
        model.Status = Decide(model, Seen(Same)).Status;
        var before = model.Status.Drift;

        var after = Decide(model, Seen(Feature("amount", first, 1000 - first)), Now.AddMinutes(minutes)).Status;

        (after.Drift != before).Should().Be(isAnew);
        (after.Conditions.Single(known => known.Type == "Drifted").Message == model.Status.Conditions.Single(known => known.Type == "Drifted").Message).Should().Be(!isAnew);
    }

    [TestCase("another feature drifted", 1.0, 0.9, 1, false)]
    [TestCase("another feature drifted", 1.0, 0.9, 6, true)]
    [TestCase("a little more is seen", 0.2, 0.4, 6, false)]
    [TestCase("much more is seen", 0.2, 0.5, 6, true)]
    public void What_is_told_besides_the_score_is_not_left_stale(string change, double before, double after, int minutes, bool isAnew)
    {
        var model = Model();
        model.Status = Decide(model, Seen(Shifted) with { Coverage = before }).Status;
        var other = change.StartsWith("another", StringComparison.Ordinal) ? Shifted with { Name = "amount" } : Shifted;

        var status = Decide(model, Seen(other) with { Coverage = after }, Now.AddMinutes(minutes)).Status;

        (status.Drift != model.Status.Drift).Should().Be(isAnew);
        (status.Drift!.Feature == other.Name && status.Drift.Coverage == (decimal)after).Should().Be(isAnew);
    }

    [Test]
    public void Which_feature_strays_least_badly_is_not_worth_a_write()
    {
        var model = Model();
        model.Status = Decide(model, Seen(Same)).Status;

        Decide(model, Seen(Same with { Name = "hour" }), Now.AddHours(1)).Status.Drift.Should().Be(model.Status.Drift);
    }

    [Test]
    public void A_change_of_the_condition_does_not_wait()
    {
        var model = Model();
        model.Status = Decide(model, Seen(Same)).Status;

        Decide(model, Seen(Shifted), Now.AddSeconds(1)).Status.Drift!.Feature.Should().Be("hour");
    }

    [TestCase("nothing is known yet", null, 515, 0, true)]
    [TestCase("status says it", 500, 515, 60, false)]
    [TestCase("the score moved by a step", 500, 600, 6, true)]
    [TestCase("the score moved by a step soon after the last", 500, 600, 1, false)]
    [TestCase("the condition changes", 500, 900, 1, true)]
    public void A_look_is_news_when_status_is_to_be_written_for_it(string _, int? before, long counted, int minutes, bool isNews)
    {
        var model = Model();
        model.Status = before is { } known ? Decide(model, Seen(Feature("amount", known, 1000 - known))).Status : null;
        var window = Seen(Feature("amount", counted, 1000 - counted));

        DriftReport.Of(model, Drift.Find(model, window)!, Now.AddMinutes(minutes)).IsNews.Should().Be(isNews);
    }

    [Test]
    public void Why_nothing_can_be_told_is_written_when_it_changes_and_then_rests()
    {
        var model = Model();
        model.Status = Decide(model, Silent(pods: 1)).Status;

        DriftReport.Of(model, Drift.Find(model, Silent(pods: 1))!, Now).IsNews.Should().BeFalse();
        DriftReport.Of(model, Drift.Find(model, Silent(pods: 2))!, Now).IsNews.Should().BeTrue("nobody answers any more");
        model.Status = Decide(model, Silent(pods: 2)).Status;
        model.Status.Conditions.Single(known => known.Type == "Drifted").Message.Should().StartWith("No ready pod");

        static FleetWindow Silent(int pods) => Seen(pods == 2 ? [] : [Same]) with { Answered = 2 - pods };
    }

    [Test]
    public void That_waiting_is_in_vain_is_told_once_the_memory_of_a_pod_is_full()
    {
        var (model, young) = (Model(), Seen(Same with { Seasonality = "24h" }) with { Coverage = 0.9 });
        model.Status = Decide(model, young).Status;

        DriftReport.Of(model, Drift.Find(model, young with { Coverage = 0.95 })!, Now).IsNews.Should().BeFalse();
        DriftReport.Of(model, Drift.Find(model, young with { IsMemoryFull = true })!, Now).IsNews.Should().BeTrue();
    }

    [Test]
    public void A_reconcile_need_not_come_back_for_the_next_look() => Decide(Model(), Seen(Same)).CheckAgain.Should().BeNull();

    private static Decision Decide(ModelDeployment model, FleetWindow? window, DateTimeOffset? now = null) =>
        Decision.Make(A.Situation(A.Reported(model, $"sha256:{new string('a', 64)}") with { Drift = window }), now ?? Now);

    /// <summary>By two pods, over the whole window.</summary>
    private static FleetWindow Seen(params FleetFeature[] features) => new(features, Coverage: 1, Asked: 2, Answered: 2);

    private static ModelDeployment Model(params string[] features)
    {
        var model = A.Model();
        model.Spec = model.Spec with { Monitoring = new() { Drift = new() { Features = features } } };
        return model;
    }

    /// <summary>Expected alike in every bin.</summary>
    private static FleetFeature Feature(string name, params long[] counts) => FleetFeature.Of(new()
    {
        Name = name,
        Bins = [.. counts.Select((_, bin) => $"{bin}")],
        Expected = [.. counts.Select(_ => 1.0 / counts.Length)],
        Counts = counts,
    });

    private static TestCaseData Case(string name, FleetWindow window, string status, string reason, string message, string[]? features = null) =>
        new TestCaseData(window, status, reason, message, features ?? []).SetArgDisplayNames(name);
}
