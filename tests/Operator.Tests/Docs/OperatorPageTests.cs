using Slipway.Operator.Commands;

namespace Slipway.Operator.Tests.Docs;

internal sealed class OperatorPageTests
{
    [Test]
    public void The_page_lists_every_option_of_run_and_no_other()
    {
        var listed = File.ReadLines(Path.Combine(Repository.Root, "docs", "reference", "operator.md"))
            .Where(line => line.StartsWith("| `--", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        listed.Should().Equal(RunCommand.Create().Options.Select(option => option.Name));
    }
}
