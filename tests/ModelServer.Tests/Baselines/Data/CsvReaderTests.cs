using System.IO.Compression;
using System.Text;
using Slipway.ModelServer.Baselines.Data;

namespace Slipway.ModelServer.Tests.Baselines.Data;

internal sealed class CsvReaderTests
{
    [Test]
    public async Task Quoted_fields_hold_commas_quotes_and_line_ends()
    {
        using var file = new TrainingFile("t.csv", "a,\"b\"\"c\"\r\n\"1,5\",\"say \"\"yes\"\"\"\r\n\"two\nlines\",\"\"\r\n,x\r\n");

        var (columns, rows, places) = await file.ReadAsync();

        columns.Select(column => column.Name).Should().Equal("a", "b\"c");
        rows.Should().BeEquivalentTo<string[]>([["'1,5'", "'say \"yes\"'"], ["'two?lines'", "nothing"], ["nothing", "'x'"]], options => options.WithStrictOrdering());
        places.Should().Equal("line 2", "line 3", "line 5");
    }

    [TestCase("a,b\n1,2\n3,4", TestName = "Without a line end at the end")]
    [TestCase("a,b\n1,2\n\n3,4\n\n", TestName = "With empty lines")]
    [TestCase("a,b\r1,2\r3,4\r", TestName = "With carriage returns alone")]
    [TestCase("\uFEFFa,b\n1,2\n3,4\n", TestName = "With a byte order mark")]
    public async Task Files_end_and_begin_in_several_ways(string content)
    {
        using var file = new TrainingFile("t.csv", content);

        var (columns, rows, _) = await file.ReadAsync();

        columns.Should().Equal(new TableColumn("a", CellKind.Number), new TableColumn("b", CellKind.Number));
        rows.Should().BeEquivalentTo<string[]>([["'1'", "'2'"], ["'3'", "'4'"]], options => options.WithStrictOrdering());
    }

    [Test]
    public async Task An_empty_line_of_a_single_column_is_a_missing_value()
    {
        using var file = new TrainingFile("t.csv", "a\n\n1\n");

        (await file.ReadAsync()).Rows.Should().BeEquivalentTo<string[]>([["nothing"], ["'1'"]], options => options.WithStrictOrdering());
    }

    [Test]
    public async Task A_column_is_what_its_first_row_has()
    {
        using var file = new TrainingFile("t.csv", "n,t,m\n-1e3,x,\n");

        (await file.ReadAsync()).Columns.Should().Equal(new TableColumn("n", CellKind.Number), new TableColumn("t", CellKind.Text), new TableColumn("m", CellKind.Missing));
    }

    [Test]
    public async Task Records_are_read_across_the_ends_of_what_is_read_at_a_time([Values] bool isPacked)
    {
        var random = new Random(7);
        var rows = Enumerable.Range(0, 3000).Select(_ => Enumerable.Range(0, 3).Select(_ => Word(random)).ToArray()).ToList();
        var content = "a,b,c\r\n" + string.Concat(rows.Select(row => string.Join(',', row.Select(Quoted)) + "\r\n"));
        using var file = isPacked ? new TrainingFile("t.csv.gz", Packed(content)) : new TrainingFile("t.csv", content);
        await using var reader = await RowReaders.OpenAsync(file.Path, wanted: null, CancellationToken.None);

        foreach (var row in rows)
        {
            (await reader.ReadAsync(CancellationToken.None)).Should().BeTrue();
            reader.Row.ToArray().Select(cell => cell.Characters.ToString()).Should().Equal(row);
        }

        (await reader.ReadAsync(CancellationToken.None)).Should().BeFalse();
    }

    [TestCase("", "the file is empty; the first line must name the columns")]
    [TestCase("a,,b\n", "column 2 has no name; the first line must name every column")]
    [TestCase("a,b,a\n", "two columns are named 'a'; every column needs a name of its own")]
    [TestCase("a,b\n1,2\n\"x\ny\",1,2\n", "line 3 has 3 fields, the first line names 2 columns")]
    [TestCase("a,b\n1,2\n1\n", "line 3 has 1 fields, the first line names 2 columns")]
    [TestCase("a\n1\nx\"y\n", "line 3 has a quote inside a field that does not begin with one; put the field in quotes and double those inside it")]
    [TestCase("a\n1\n\"x\ny\"z\n", "line 4 has more of a field behind its closing quote")]
    [TestCase("a\n1\n2\n\"x\ny\n", "line 4 begins a quoted field that does not end")]
    public async Task What_is_wrong_is_told_with_its_line(string content, string fault)
    {
        using var file = new TrainingFile("t.csv", content);

        var read = () => file.ReadAsync();

        (await read.Should().ThrowAsync<BadDataException>()).WithMessage(fault);
    }

    [Test]
    public async Task A_quote_that_nobody_closed_does_not_fill_memory()
    {
        using var file = new TrainingFile("t.csv", "a\n1\n\"" + new string('x', 17 << 20));

        var read = () => file.ReadAsync();

        (await read.Should().ThrowAsync<BadDataException>()).WithMessage("line 3 begins a record of more than 16777216 characters; a quote may be missing");
    }

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => "ab,\"\r\né"[random.Next(7)]));

    private static string Quoted(string word) => word.AsSpan().ContainsAny(",\"\r\n") ? $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : word;

    private static byte[] Packed(string content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(content));
        }

        return bytes.ToArray();
    }
}
