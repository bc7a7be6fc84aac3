using Slipway.Operator.Commands;

namespace Slipway.Operator.Tests.Docs;

internal sealed class OperatorPageTests
{
    private const string LeaseOption = "--leader-election-name=";

    private static readonly string Page = Path.Combine(Repository.Root, "docs", "reference", "operator.md");

    [Test]
    public void The_page_lists_every_option_of_run_and_no_other()
    {
        var listed = File.ReadLines(Page)
            .Where(line => line.StartsWith("| `--", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        listed.Should().Equal(RunCommand.Create().Options.Select(option => option.Name));
    }

    [Test]
    public async Task The_page_looks_for_the_lease_that_an_installation_by_the_chart_has()
    {
        var installed = await Tool.RunAsync("helm", "", "template", "slipway", Path.Combine(Repository.Root, "charts", "slipway"), "--namespace", "slipway-system");
        var lease = installed.Split('\n').Single(line => line.Contains(LeaseOption, StringComparison.Ordinal)).Split(LeaseOption)[1];

        (await File.ReadAllLinesAsync(Page)).Should().Contain($"    kubectl -n slipway-system get lease {lease}")
            .And.Contain(line => line.Contains($"leader_election_master_status{{name=\"{lease}\"}}", StringComparison.Ordinal));
    }
}
