using System.Text.Json.Nodes;
using Slipway.Operator.Commands;
using Slipway.Operator.Monitoring;

namespace Slipway.Operator.Tests.Commands;

internal sealed class RunCommandTests
{
    [TestCase("8080")]
    [TestCase("127.0.0.1")]
    [TestCase("localhost:8080")]
    public void An_address_without_a_port_is_refused_with_an_example(string listen) =>
        RunCommand.Create().Parse(["--listen", listen]).Errors.Single().Message.Should().Contain(listen).And.Contain("0.0.0.0:8080");

    [TestCase("127.0.0.1:0")]
    [TestCase("0.0.0.0:8080")]
    [TestCase("[::1]:8080")]
    public void An_address_and_port_is_taken(string listen) => RunCommand.Create().Parse(["--listen", listen]).Errors.Should().BeEmpty();

    [TestCase("0")]
    [TestCase("65")]
    public void Workers_out_of_bounds_are_refused(string workers) =>
        RunCommand.Create().Parse(["--workers", workers]).Errors.Single().Message.Should().Be("--workers must be from 1 to 64.");

    [TestCase("prometheus:9090")]
    [TestCase("/metrics")]
    public void An_address_of_prometheus_that_is_none_is_refused_with_an_example(string url) =>
        RunCommand.Create().Parse(["--prometheus-url", url]).Errors.Single().Message.Should().Contain(url).And.Contain("http://prometheus.monitoring:9090");

    [TestCase("wiki/{alert}")]
    [TestCase("https://wiki.acme.example/runbooks/")]
    [TestCase("https://{alert}.wiki.acme.example/")]
    [TestCase("https://wiki.acme.example:65536/{alert}")]
    [TestCase("https://wiki.acme.example/{alert}?cost=$1")]
    [TestCase("https://wiki.acme.example/{alert} of mine")]
    [TestCase("https://wiki.acme.example/{alert}\n")]
    public void An_address_of_runbooks_that_leads_to_none_is_refused_with_an_example(string url) =>
        RunCommand.Create().Parse(["--runbook-url", url]).Errors.Single().Message.Should().Contain(url).And.Contain("https://wiki.acme.example/runbooks/{alert}");

    [TestCase("http://wiki/{alert}")]
    [TestCase("https://wiki.acme.example:8443/a%20b/{alert}.html?lang=en#{alert}")]
    public void An_address_of_runbooks_has_a_host_and_the_name_behind_it(string url) => RunCommand.Create().Parse(["--runbook-url", url]).Errors.Should().BeEmpty();

    [Test]
    public void The_chart_takes_the_addresses_of_runbooks_that_the_operator_takes() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "charts", "slipway", "values.schema.json")))!["properties"]!["monitoring"]!["properties"]!["runbookUrl"]!["pattern"]!
            .GetValue<string>().Should().Be($"^$|^{Alert.RunbookPattern}$");

    [TestCase("payments", "payments")]
    [TestCase("payments,search", "payments", "search")]
    [TestCase("payments, search", "payments", "search")]
    public void Namespaces_are_separated_by_commas(string given, params string[] names) =>
        RunCommand.Create().Parse(["--watch-namespaces", given]).GetValue<string[]>("--watch-namespaces").Should().Equal(names);

    [TestCase("")]
    [TestCase("payments,")]
    [TestCase("Payments")]
    public void What_is_no_name_of_a_namespace_is_refused(string given) =>
        RunCommand.Create().Parse(["--watch-namespaces", given]).Errors.Single().Message.Should().Contain("payments,search");

    [Test]
    public void A_lease_outside_of_a_pod_needs_a_namespace() =>
        RunCommand.Create().Parse(["--leader-elect"]).Errors.Single().Message.Should().Contain("--leader-election-namespace");

    [TestCase("--leader-elect", "--leader-election-namespace", "slipway-system")]
    [TestCase("--leader-elect=false")]
    [TestCase("--leader-election-name", "other")]
    public void A_lease_with_a_namespace_or_no_lease_is_taken(params string[] arguments) => RunCommand.Create().Parse(arguments).Errors.Should().BeEmpty();

    [Test]
    public async Task A_kubeconfig_that_cannot_be_read_ends_with_a_sentence()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, "{ no: [ kubeconfig");
        try
        {
            var parsed = RunCommand.Create().Parse(["--kubeconfig", path]);

            (await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false })).Should().Be(1);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
