using Parquet.Schema;
using Slipway.ModelServer.Baselines.Data;

namespace Slipway.ModelServer.Tests.Baselines.Data;

internal sealed class ParquetRowReaderTests
{
    private static readonly ParquetSchema Schema = new(
        new DataField<int>("whole"), new DataField<double?>("number"), new DataField<string>("text"), new DataField<bool>("flag"),
        new ListField("list", new DataField<float?>("element")), new DataField<DateTime>("when"));

    [Test]
    public async Task Rows_are_read_over_row_groups_with_what_is_missing()
    {
        using var file = new TrainingFile("t.parquet", await ParquetFile.WriteAsync(Schema, Group(), Group()));

        var (columns, rows, places) = await file.ReadAsync("whole", "number", "text", "flag", "list");

        columns.Should().Equal(
            new TableColumn("whole", CellKind.Whole),
            new TableColumn("number", CellKind.Number),
            new TableColumn("text", CellKind.Text),
            new TableColumn("flag", CellKind.Flag),
            new TableColumn("list", CellKind.Vector),
            new TableColumn("when", CellKind.Missing));
        string[][] group = [["1", "1.5", "'a'", "true", "[1,2]", "nothing"], ["-2", "nothing", "nothing", "false", "[3,NaN]", "nothing"]];
        rows.Should().BeEquivalentTo<string[]>([.. group, .. group], options => options.WithStrictOrdering());
        places.Should().Equal("row 1", "row 2", "row 3", "row 4");
    }

    [Test]
    public async Task Columns_that_nobody_wants_are_not_read()
    {
        using var file = new TrainingFile("t.parquet", await ParquetFile.WriteAsync(Schema, Group()));

        (await file.ReadAsync("text")).Rows[0].Should().Equal("nothing", "nothing", "'a'", "nothing", "nothing", "nothing");
    }

    [Test]
    public async Task An_empty_and_an_absent_list_are_missing_arrays()
    {
        var schema = new ParquetSchema(new ListField("list", new DataField<float?>("element")));
        var field = schema.DataFields[0];
        float[] values = [1, 2];
        int[] definitions = [3, 0, 1, 2, 3];
        int[] repetitions = [0, 0, 0, 0, 1];
        using var file = new TrainingFile("t.parquet", await ParquetFile.WriteAsync(schema, [
            (group, _) => group.WriteAllPartsAsync<float>(field, values, definitions, repetitions, CancellationToken.None),
        ]));

        (await file.ReadAsync("list")).Rows.Should().BeEquivalentTo<string[]>([["[1]"], ["nothing"], ["nothing"], ["[NaN,2]"]], options => options.WithStrictOrdering());
    }

    [Test]
    public async Task A_file_that_is_none_is_refused()
    {
        using var file = new TrainingFile("t.parquet", "a,b\n1,2\n");

        var read = () => file.ReadAsync("a");

        (await read.Should().ThrowAsync<BadDataException>()).WithMessage("is no Parquet file: *");
    }

    [Test]
    public async Task A_file_that_is_damaged_is_refused()
    {
        var bytes = await ParquetFile.WriteAsync(Schema, Group());
        Array.Fill<byte>(bytes, 0xFF, 4, 60);
        using var file = new TrainingFile("t.parquet", bytes);

        var read = () => file.ReadAsync("whole", "number");

        (await read.Should().ThrowAsync<BadDataException>()).WithMessage("row group 1 cannot be read: *");
    }

    [Test]
    public async Task A_column_of_a_type_that_no_model_takes_is_refused_when_it_is_wanted()
    {
        using var file = new TrainingFile("t.parquet", await ParquetFile.WriteAsync(Schema, Group()));

        var read = () => file.ReadAsync("when");

        (await read.Should().ThrowAsync<BadDataException>()).WithMessage("column 'when' is of a type that no model takes; *");
    }

    private static Func<Parquet.ParquetRowGroupWriter, DataField, Task>[] Group() =>
    [
        ParquetFile.Of(1, -2),
        ParquetFile.Nullable<double>(1.5, null),
        ParquetFile.Texts("a", null),
        ParquetFile.Of(true, false),
        ParquetFile.Lists([1, 2, 3, null], 0, 1, 0, 1),
        ParquetFile.Of(DateTime.UnixEpoch, DateTime.UnixEpoch),
    ];
}
