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
        .With(Condition("Ready", "False"), "1x60")
        .Firing("9m")
        .Says("20m", OperatorRules.ModelNotLoaded, Labels("critical"),
            "Model payments/fraud-detector is loaded in no pod: nobody gets an answer.",
            "The message of its condition Ready says why: kubectl -n payments describe md fraud-detector.")
        .Firing("20m", OperatorRules.ModelNotLoaded)
        .Firing("45m")
        .RunAsync();

    [Test]
    public async Task A_model_that_is_scaled_to_nothing_is_as_it_should_be() => await Rules()
        .With(Condition("Serving", "False"), "1x60")
        .With(Condition("Ready", "False"), "0x60")
        .With(Condition("Ready", "True"), "1x60")
        .Firing("40m")
        .RunAsync();

    [Test]
    public async Task An_operator_in_the_place_of_another_changes_nothing() => await Rules()
        .With(Condition("Serving", "False", "a"), "1x15 stale")
        .With(Condition("Ready", "False", "a"), "1x15 stale")
        .With(Condition("Serving", "False", "b"), "_x10 1x40")
        .With(Condition("Ready", "False", "b"), "_x10 1x40")
        .Firing("40m", OperatorRules.ModelNotLoaded)
        .RunAsync();

    [Test]
    public async Task A_model_that_was_deleted_is_no_alarm() => await Rules()
        .With(Condition("Serving", "False"), "1x20 stale")
        .With(Condition("Ready", "False"), "1x20 stale")
        .Firing("20m", OperatorRules.ModelNotLoaded)
        .Firing("40m")
        .RunAsync();

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
        .With("slipway_modeldeployment_replicas{namespace=\"payments\",name=\"fraud-detector\",pod=\"a\"}", "10x60 9x60")
        .With("slipway_modeldeployment_replicas_max{namespace=\"payments\",name=\"fraud-detector\",pod=\"a\"}", "10x120")
        .Firing("29m")
        .Says("50m", OperatorRules.ScalerAtLimit, Labels("warning"),
            "Model payments/fraud-detector has had as many pods as its autoscaler may make, 10, for half an hour.",
            "More load makes requests wait or be refused: raise spec.autoscaling.maxReplicas, or find out where the load comes from.")
        .Firing("50m", OperatorRules.ScalerAtLimit)
        .Firing("1h30m")
        .RunAsync();

    [Test]
    public async Task Without_a_scaler_there_is_no_limit() => await Rules()
        .With("slipway_modeldeployment_replicas{namespace=\"payments\",name=\"fraud-detector\",pod=\"a\"}", "10x120")
        .Firing("1h30m")
        .RunAsync();

    private static RuleTest Rules() => new(OperatorRules.Build());

    private static string Condition(string type, string status, string pod = "a") =>
        $"slipway_modeldeployment_status_condition{{namespace=\"payments\",name=\"fraud-detector\",type=\"{type}\",status=\"{status}\",pod=\"{pod}\"}}";

    private static Dictionary<string, string> Labels(string severity) => new() { ["severity"] = severity, ["namespace"] = "payments", ["name"] = "fraud-detector" };
}
