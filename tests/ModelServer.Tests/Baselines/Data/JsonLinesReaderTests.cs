using Slipway.ModelServer.Baselines.Data;

namespace Slipway.ModelServer.Tests.Baselines.Data;

internal sealed class JsonLinesReaderTests
{
    [Test]
    public async Task Each_line_is_a_row_and_keys_are_columns_in_any_order()
    {
        using var file = new TrainingFile("t.jsonl", """
            {"n": 1.5, "w": 9007199254740993, "t": "a\nb", "f": true, "v": [1, [2, null]]}

            {"t": null, "v": [], "n": 2}
            """);

        var (columns, rows, places) = await file.ReadAsync();

        columns.Should().Equal(
            new TableColumn("n", CellKind.Number),
            new TableColumn("w", CellKind.Whole),
            new TableColumn("t", CellKind.Text),
            new TableColumn("f", CellKind.Flag),
            new TableColumn("v", CellKind.Vector));
        rows.Should().BeEquivalentTo<string[]>(
            [["1.5", "9007199254740993", "'a?b'", "true", "[1,2,NaN]"], ["2", "nothing", "nothing", "nothing", "[]"]], options => options.WithStrictOrdering());
        places.Should().Equal("line 1", "line 3");
    }

    [TestCase("\uFEFF{\"a\":1}\r\n{\"a\":2}\r\n")]
    [TestCase("{\"a\":1}\n{\"a\":2}")]
    public async Task Files_begin_and_end_in_several_ways(string content)
    {
        using var file = new TrainingFile("t.ndjson", content);

        (await file.ReadAsync()).Rows.Should().BeEquivalentTo<string[]>([["1"], ["2"]], options => options.WithStrictOrdering());
    }

    [Test]
    public async Task Lines_are_read_across_the_ends_of_what_is_read_at_a_time()
    {
        var random = new Random(7);
        var texts = Enumerable.Range(0, 200).Select(_ => new string('é', random.Next(2000))).ToList();
        using var file = new TrainingFile("t.jsonl", string.Concat(texts.Select(text => $"{{\"t\":\"{text}\"}}\n")));
        await using var reader = await RowReaders.OpenAsync(file.Path, wanted: null, CancellationToken.None);

        foreach (var text in texts)
        {
            (await reader.ReadAsync(CancellationToken.None)).Should().BeTrue();
            reader.Row[0].Characters.ToString().Should().Be(text);
        }
    }

    [TestCase("", "the file is empty; each line must be a JSON object with a row's columns")]
    [TestCase("\n \n", "the file is empty; *")]
    [TestCase("[1]", "line 1 is no JSON object")]
    [TestCase("{\"a\":1}\n{\"a\":", "line 2 is no JSON object: *")]
    [TestCase("{\"a\":1}\n{\"a\":1} 2", "line 2 is no JSON object: *")]
    [TestCase("{\"a\":1}\n{\"b\":1}", "line 2 has a column 'b', which the first line has not")]
    [TestCase("{\"a\":{\"b\":1}}", "line 1: column 'a' holds an object; *")]
    [TestCase("{\"a\":[1,\"x\"]}", "line 1: column 'a' holds an array with something else than numbers")]
    [TestCase("{\"a\":1,\"a\":2}", "two columns are named 'a'; *")]
    public async Task What_is_wrong_is_told_with_its_line(string content, string fault)
    {
        using var file = new TrainingFile("t.jsonl", content);

        var read = () => file.ReadAsync();

        (await read.Should().ThrowAsync<BadDataException>()).WithMessage(fault);
    }

    [Test]
    public async Task A_line_without_an_end_does_not_fill_memory()
    {
        using var file = new TrainingFile("t.jsonl", "{\"a\":1}\n{\"a\":\"" + new string('x', 17 << 20));

        var read = () => file.ReadAsync();

        (await read.Should().ThrowAsync<BadDataException>()).WithMessage("line 2 is longer than 16777216 bytes");
    }
}
