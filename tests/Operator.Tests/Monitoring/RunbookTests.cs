using Slipway.Operator.Desire;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Monitoring;

internal sealed class RunbookTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "runbooks");

    private static readonly IReadOnlyList<Rule> Alerts =
    [
        .. PrometheusRuleBuilder.Build(A.Context(A.Model(monitoring: new()
        {
            Accuracy = new() { Metric = "MAE", Maximum = 1 },
            Slo = new() { Availability = 99, Latency = new() { Threshold = "50ms" } },
            NoTraffic = new(),
        })))!.Spec!.Groups.Concat(OperatorRules.Build().Groups).SelectMany(group => group.Rules).Where(rule => rule.Alert is not null),
    ];

    [TestCaseSource(nameof(Names))]
    public void An_alert_leads_to_a_page_that_says_what_it_is_how_to_look_and_what_to_do(string name)
    {
        foreach (var alert in Alerts.Where(alert => alert.Alert == name))
        {
            alert.Annotations!["runbook_url"].Should().Be(Alert.Runbook.Replace(Alert.NameInRunbook, name, StringComparison.Ordinal));
            var page = File.ReadAllLines(Path.Combine(Folder, $"{name}.md"));

            page[0].Should().Be($"# {name}");
            page.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Should().Equal("## Symptom", "## Check", "## Cure");
        }
    }

    [Test]
    public void An_alert_leads_to_the_users_own_page_where_the_operator_is_told_so() =>
        PrometheusRuleBuilder.Build(A.Context(A.Model(monitoring: new() { NoTraffic = new() })) with { RunbookUrl = "https://wiki.example/{alert}" })!
            .Spec!.Groups.SelectMany(group => group.Rules).Single(rule => rule.Alert == "SlipwayNoTraffic").Annotations!["runbook_url"].Should().Be("https://wiki.example/SlipwayNoTraffic");

    [Test]
    public void There_is_no_page_without_its_alert() => Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Should().BeEquivalentTo(Names());

    [Test]
    public void Every_alert_says_how_bad_it_is_and_what_it_is() => Alerts.Should().OnlyContain(alert =>
        (alert.Labels!["severity"] == Alert.Critical || alert.Labels["severity"] == Alert.Warning) && alert.Annotations!["summary"].Length > 0 && alert.Annotations["description"].Length > 0);

    [Test]
    public void The_page_on_monitoring_leads_to_every_alert()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "monitoring.md"));

        Names().Where(name => !page.Contains($"(runbooks/{name}.md)", StringComparison.Ordinal)).Should().BeEmpty();
    }

    private static IEnumerable<string> Names() => Alerts.Select(alert => alert.Alert!).Distinct();
}
