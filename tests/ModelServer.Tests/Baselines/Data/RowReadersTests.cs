using Slipway.ModelServer.Baselines.Data;

namespace Slipway.ModelServer.Tests.Baselines.Data;

internal sealed class RowReadersTests
{
    [TestCase("t.xlsx")]
    [TestCase("t")]
    [TestCase("t.parquet.gz")]
    public async Task A_name_that_tells_no_format_is_refused(string name)
    {
        using var file = new TrainingFile(name, "a\n1\n");

        var open = () => file.ReadAsync();

        (await open.Should().ThrowAsync<BadDataException>()).WithMessage("the name tells no format; it must end in .csv, .jsonl, .ndjson (these also with .gz behind) or .parquet");
    }

    [Test]
    public async Task A_file_that_is_not_there_is_named()
    {
        using var file = new TrainingFile("t.csv", "a\n1\n");

        var open = () => RowReaders.OpenAsync($"{file.Path}.csv", wanted: null, CancellationToken.None);

        (await open.Should().ThrowAsync<BadDataException>()).WithMessage($"cannot be opened: *{file.Path}.csv*");
    }

    [TestCase("t.CSV", "a\n1\n")]
    [TestCase("t.NdJson", "{\"a\":1}")]
    public async Task The_case_of_the_name_does_not_matter(string name, string content)
    {
        using var file = new TrainingFile(name, content);

        (await file.ReadAsync()).Columns.Select(column => column.Name).Should().Equal("a");
    }
}
