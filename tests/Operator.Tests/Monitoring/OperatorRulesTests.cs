using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

internal sealed class OperatorRulesTests
{
    [Test]
    public void The_checked_in_file_is_what_the_code_generates() =>
        File.ReadAllText(Path.Combine(Repository.Root, OperatorRules.Path)).Should().Be(OperatorRules.Render(), "./build.sh generate writes it");

    [Test]
    public async Task Promtool_accepts_the_rules() => await Promtool.CheckAsync(OperatorRules.Build());

    [Test]
    public async Task A_model_that_serves_nothing_fires_and_ends() => await Rules()
        .With(Condition("Serving", "False"), "1x30 0x30")
        .With(ScaledToZero(), "0x60")
        .Firing("9m")
        .Says("20m", OperatorRules.ModelNotLoaded, Labels("critical"),
            "Model payments/fraud-detector is loaded in no pod: nobody gets an answer.",
            "The message of its condition Ready says why: kubectl -n payments describe md fraud-detector.")
        .Firing("20m", OperatorRules.ModelNotLoaded)
        .Firing("45m")
        .RunAsync();

    [Test]
    public async Task A_model_that_is_scaled_to_nothing_is_as_it_should_be_though_it_is_not_Ready() => await Rules()
        .With(Condition("Serving", "False"), "1x60")
        .With(Condition("Ready", "False"), "1x60")
        .With(ScaledToZero(), "1x60")
        .Firing("40m")
        .RunAsync();

    [TestCaseSource(nameof(Alarms))]
    public async Task An_operator_in_the_place_of_another_changes_nothing(string alert, Func<string, string>[] series)
    {
        var rules = Rules();
        foreach (var of in series)
        {
            rules.With(of("a"), "1x25 stale").With(of("b"), "_x20 1x60");
        }

        await rules.Firing("40m", alert).Firing("1h", alert).RunAsync();
    }

    // An alert that fires goes on for five minutes, and one that does not yet begins to wait anew.
    [TestCaseSource(nameof(Alarms))]
    public async Task An_operator_that_is_away_for_some_minutes_ends_no_alarm(string alert, Func<string, string>[] series)
    {
        var rules = Rules();
        foreach (var of in series)
        {
            rules.With(of("a"), "1x40 stale").With(of("b"), "_x45 1x60");
        }

        await rules.Firing("40m", alert).Firing("43m", alert).Firing("46m", alert).Firing("1h30m", alert).RunAsync();
    }

    [TestCaseSource(nameof(Alarms))]
    public async Task Scrapes_that_fail_change_nothing(string alert, Func<string, string>[] series)
    {
        var rules = Rules();
        foreach (var of in series)
        {
            rules.With(of("a"), "1x5 _x3 1x60");
        }

        await rules.Firing("40m", alert).RunAsync();
    }

    [TestCaseSource(nameof(Alarms))]
    public async Task A_model_that_was_deleted_is_no_alarm(string alert, Func<string, string>[] series)
    {
        var rules = Rules();
        foreach (var of in series)
        {
            rules.With(of("a"), "1x40 stale");
        }

        await rules.Firing("40m", alert).Firing("50m").RunAsync();
    }

    [Test]
    public async Task Without_a_word_of_the_operator_nothing_is_said() => await Rules().With("up{job=\"slipway\"}", "0x60").Firing("1h").RunAsync();

    [Test]
    public async Task A_model_that_only_its_user_can_mend_fires_and_ends() => await Rules()
        .With(Condition("Stalled", "True"), "1x30 stale")
        .Firing("14m")
        .Says("20m", OperatorRules.ModelStalled, Labels("warning"),
            "What was asked of model payments/fraud-detector is not in force, and only a change of it can help.",
            "An older revision may go on serving. The message of its condition Stalled says what to change.")
        .Firing("20m", OperatorRules.ModelStalled)
        .Firing("45m")
        .RunAsync();

    [Test]
    public async Task A_scaler_at_its_limit_fires_and_ends() => await Rules()
        .With(Replicas(), "10x60 9x60")
        .With(MostReplicas(), "10x120")
        .With(Condition("Ready", "True"), "1x120")
        .Firing("29m")
        .Says("50m", OperatorRules.ScalerAtLimit, Labels("warning"),
            "Model payments/fraud-detector has had as many pods as its autoscaler may make, 10, for half an hour.",
            "More load makes requests wait or be refused: raise spec.autoscaling.maxReplicas, or find out where the load comes from.")
        .Firing("50m", OperatorRules.ScalerAtLimit)
        .Firing("1h30m")
        .RunAsync();

    [Test]
    public async Task One_pod_below_the_limit_is_no_alarm() => await Rules()
        .With(Replicas(), "9x120")
        .With(MostReplicas(), "10x120")
        .With(Condition("Ready", "True"), "1x120")
        .Firing("1h30m")
        .RunAsync();

    [Test]
    public async Task Pods_of_two_revisions_while_a_roll_out_is_stuck_are_not_the_scalers() => await Rules()
        .With(Replicas(), "12x120")
        .With(MostReplicas(), "10x120")
        .With(Condition("Ready", "True"), "0x120")
        .With(Condition("Ready", "False"), "1x120")
        .Firing("1h30m")
        .RunAsync();

    [Test]
    public async Task Without_a_scaler_there_is_no_limit() => await Rules()
        .With(Replicas(), "10x120")
        .Firing("1h30m")
        .RunAsync();

    /// <summary>Each alert with the series of one replica of the operator that make it fire when they are 1.</summary>
    private static IEnumerable<TestCaseData> Alarms()
    {
        yield return Of(OperatorRules.ModelNotLoaded, pod => Condition("Serving", "False", pod));
        yield return Of(OperatorRules.ModelStalled, pod => Condition("Stalled", "True", pod));
        yield return Of(OperatorRules.ScalerAtLimit, Replicas, MostReplicas, pod => Condition("Ready", "True", pod));

        static TestCaseData Of(string alert, params Func<string, string>[] series) => new TestCaseData(alert, series).SetArgDisplayNames(alert);
    }

    private static RuleTest Rules() => new(OperatorRules.Build());

    private static string Condition(string type, string status, string pod = "a") =>
        $"slipway_modeldeployment_status_condition{{namespace=\"payments\",name=\"fraud-detector\",type=\"{type}\",status=\"{status}\",pod=\"{pod}\"}}";

    private static string Replicas(string pod = "a") => $"slipway_modeldeployment_replicas{{namespace=\"payments\",name=\"fraud-detector\",pod=\"{pod}\"}}";

    private static string MostReplicas(string pod = "a") => $"slipway_modeldeployment_replicas_max{{namespace=\"payments\",name=\"fraud-detector\",pod=\"{pod}\"}}";

    private static string ScaledToZero(string pod = "a") => $"slipway_modeldeployment_scaled_to_zero{{namespace=\"payments\",name=\"fraud-detector\",pod=\"{pod}\"}}";

    private static Dictionary<string, string> Labels(string severity) => new() { ["severity"] = severity, ["namespace"] = "payments", ["name"] = "fraud-detector" };
}
