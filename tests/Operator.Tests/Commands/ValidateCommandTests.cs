using Slipway.Operator.Commands;

namespace Slipway.Operator.Tests.Commands;

internal sealed class ValidateCommandTests
{
    private static readonly string Bad = Path.Combine(Repository.Root, "tests", "Operator.Tests", "Commands", "bad");

    private static IEnumerable<string> BadFiles() => Directory.EnumerateFiles(Bad).Select(file => Path.GetFileName(file)).Order();

    [TestCaseSource(nameof(BadFiles))]
    public async Task A_bad_manifest_is_told_with_file_path_and_reason(string name)
    {
        var file = Path.Combine(Bad, name);
        var expected = File.ReadLines(file).TakeWhile(line => line.StartsWith("# expect: ", StringComparison.Ordinal)).Select(line => line["# expect: ".Length..]).ToList();

        // Elsewhere, so that what never ends fails and does not hang.
        var (exit, output, errors) = await Task.Run(() => Run(file)).WaitAsync(TimeSpan.FromSeconds(30));

        exit.Should().Be(1);
        output.Should().BeEmpty();
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        expected.Should().NotBeEmpty();
        lines.Should().HaveSameCount(expected);
        expected.Should().OnlyContain(sentence => lines.Any(line => line.Contains(sentence)));
    }

    [Test]
    public void Every_sample_is_valid()
    {
        var (exit, output, errors) = Run(Path.Combine(Repository.Root, "samples"), "--recursive");

        errors.Should().BeEmpty();
        exit.Should().Be(0);
        output.Should().Contain("fraud-detection/modeldeployment.yaml: ").And.EndWith(": valid\n");
    }

    [Test]
    public void A_file_that_is_not_there_is_told() =>
        Run("/no/such/file.yaml").Should().Be((1, "", "/no/such/file.yaml: There is no file or directory \"/no/such/file.yaml\".\n"));

    [Test]
    public void One_bad_document_does_not_hide_the_good_ones()
    {
        var (exit, output, errors) = Run(Path.Combine(Bad, "name.yaml"), "-f", Path.Combine(Repository.Root, "samples", "fraud-detection", "modeldeployment.yaml"));

        exit.Should().Be(1);
        output.Should().EndWith(": valid\n");
        errors.Should().Contain("metadata.name");
    }

    private static (int Exit, string Output, string Errors) Run(string path, params string[] more)
    {
        using StringWriter output = new(), errors = new();
        var exit = ValidateCommand.Create().Parse(["-f", path, .. more]).Invoke(new() { Output = output, Error = errors });
        return (exit, output.ToString(), errors.ToString());
    }
}
