using Slipway.ModelServer.Baselines;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Baselines;

internal sealed class ColumnMapTests
{
    private static readonly TableColumn[] Three = [new("a", CellKind.Number), new("b", CellKind.Number), new("c", CellKind.Number)];

    [Test]
    public void The_only_input_takes_all_columns_but_labels_in_the_order_of_the_file()
    {
        var binding = Bind([Spec("x", -1, 2)], Three, "b").Single();

        binding.Names.Should().Equal("a", "c");
        binding.Columns.Should().Equal(0, 2);
        binding.IsVector.Should().BeFalse();
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void An_open_axis_takes_as_many_as_there_are(long rows) => Bind([Spec("x", rows, -1)], Three).Single().Names.Should().HaveCount(3);

    [Test]
    public void Several_inputs_take_columns_by_their_names_and_leave_others()
    {
        var bindings = Bind([Spec("c", -1), Spec("a", -1, 1)], Three);

        bindings.Select(binding => (binding.Input, binding.Columns.Single())).Should().Equal((0, 2), (1, 0));
    }

    [Test]
    public void An_array_is_a_whole_row_of_the_input_of_its_name_or_of_the_only_one()
    {
        TableColumn[] columns = [new("x", CellKind.Vector), new("y", CellKind.Number)];

        Bind([Spec("x", -1, 8), Spec("y", -1)], columns)[0].IsVector.Should().BeTrue();
        Bind([Spec("other", -1, 3, 4, 4)], columns, "y").Single().Should().Match<InputBinding>(binding => binding.IsVector && binding.Names.Single() == "x");
    }

    [Test]
    public void A_text_is_the_column_of_its_name_or_the_only_one_that_holds_texts()
    {
        TableColumn[] columns = [new("n", CellKind.Number), new("review", CellKind.Text)];

        Bind([Text("text")], columns).Single().Names.Should().Equal("review");
        Bind([Text("text")], [.. columns, new("text", CellKind.Text)]).Single().Names.Should().Equal("text");
        Bind([Spec("n", -1), Text("text")], columns).Select(binding => binding.Names.Single()).Should().Equal("n", "review");
    }

    [Test]
    public void Several_columns_of_texts_are_one_input_of_texts() =>
        Bind([new TensorSpec("x", Datatype.Bytes, [-1, 2])], [new("a", CellKind.Text), new("b", CellKind.Text)]).Single().Names.Should().Equal("a", "b");

    private static readonly TestCaseData[] Faults =
    [
        new(new[] { Spec("x", -1, 3) }, Three, "d", "has no column 'd', which --labels names; its columns are a, b, c"),
        new(new[] { Spec("x", -1, 2) }, Three, "", "has 3 columns (a, b, c) for the model's input 'x' (FP32, shape [-1,2]), which takes 2; name columns that are no inputs with --labels"),
        new(new[] { Spec("x", -1) }, Three, "", "has 3 columns (a, b, c) for the model's input 'x' (FP32, shape [-1]), which takes one; name columns that are no inputs with --labels"),
        new(new[] { Spec("x", -1, 3, 8, 8) }, Three, "", "has 3 columns (a, b, c) for the model's input 'x' (FP32, shape [-1,3,8,8]), which takes one that holds arrays, in JSON lines or Parquet; *"),
        new(new[] { Spec("x", -1, -1) }, Three[..1], "a", "has 0 columns (none) for the model's input 'x' (FP32, shape [-1,-1]), which takes at least one; *"),
        new(new[] { Spec("a", -1), Spec("z", -1) }, Three, "", "has no column 'z' for the model's input 'z' (FP32, shape [-1]); its columns are a, b, c"),
        new(new[] { Spec("a", -1), Spec("b", -1, 4) }, Three, "", "column 'b' holds one value a row, of which input 'b' (FP32, shape [-1,4]) takes several; give them as an array, in JSON lines or Parquet"),
        new(new[] { Spec("x") }, Three, "", "cannot be given to the model's input 'x' (FP32, shape []), which has no first axis of rows: no baseline can be made for this model"),
        new(new[] { Spec("x", 2, 3) }, Three, "", "cannot be given to the model's input 'x' (FP32, shape [2,3]), which has no first axis of rows: *"),
        new(new[] { Spec("x", -1, -1, -1) }, new TableColumn[] { new("x", CellKind.Vector) }, "", "column 'x' holds arrays, from which input 'x' (FP32, shape [-1,-1,-1]) cannot be made: more than one of its axes is open"),
        new(new[] { Text("x") }, new TableColumn[] { new("x", CellKind.Vector) }, "", "column 'x' holds arrays, from which input 'x' (BYTES, shape [-1]) cannot be made: they hold numbers alone"),
    ];

    [TestCaseSource(nameof(Faults))]
    public void What_cannot_be_made_of_the_columns_is_told(TensorSpec[] inputs, TableColumn[] columns, string label, string fault)
    {
        var bind = () => Bind(inputs, columns, [.. new[] { label }.Where(name => name.Length > 0)]);

        bind.Should().Throw<BadDataException>().WithMessage(fault);
    }

    private static IReadOnlyList<InputBinding> Bind(TensorSpec[] inputs, TableColumn[] columns, params string[] labels) => new ColumnMap(inputs, columns, labels).Bind();

    private static TensorSpec Spec(string name, params long[] shape) => new(name, Datatype.FP32, shape);

    private static TensorSpec Text(string name) => new(name, Datatype.Bytes, [-1]);
}
