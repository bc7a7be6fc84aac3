using System.Globalization;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>Finds for each input of the model the columns of a file that it is made of.</summary>
/// <param name="labels">Columns that are no inputs.</param>
internal sealed class ColumnMap(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TableColumn> columns, IReadOnlyList<string> labels)
{
    private const int MostNamesShown = 8;

    private readonly List<int> _free = [.. Enumerable.Range(0, columns.Count).Where(i => !labels.Contains(columns[i].Name, StringComparer.Ordinal))];

    /// <exception cref="BadDataException">An input cannot be made of the columns.</exception>
    public IReadOnlyList<InputBinding> Bind()
    {
        foreach (var label in labels)
        {
            if (columns.All(column => column.Name != label))
            {
                throw new BadDataException($"has no column {Quote.Of(label)}, which --labels names; its columns are {Known(columns.Select(column => column.Name))}");
            }
        }

        return [.. inputs.Select((spec, input) => Bind(input, spec))];
    }

    private InputBinding Bind(int input, TensorSpec spec)
    {
        RequireRows(spec);
        var named = _free.FindIndex(column => columns[column].Name == spec.Name);
        if (named >= 0 && TryOne(input, spec, _free[named]) is { } byName)
        {
            return byName;
        }

        if (spec.Datatype == Datatype.Bytes && IsSingle(spec) && OnlyText() is { } text)
        {
            return One(input, spec, text, isVector: false);
        }

        if (inputs.Count > 1)
        {
            throw new BadDataException(named >= 0
                ? $"column {Quote.Of(spec.Name)} holds one value a row, of which input {spec} takes several; give them as an array, in JSON lines or Parquet"
                : $"has no column {Quote.Of(spec.Name)} for the model's input {spec}; its columns are {Known(Free())}");
        }

        if (_free is [var only] && TryOne(input, spec, only) is { } alone)
        {
            return alone;
        }

        if (spec.Shape.Count == 2 && (spec.Shape[1] == _free.Count || (spec.Shape[1] < 0 && _free.Count > 0)))
        {
            return new(input, spec, [.. _free], [.. Free()], IsVector: false);
        }

        throw new BadDataException(string.Create(
            CultureInfo.InvariantCulture,
            $"has {_free.Count} columns ({Known(Free())}) for the model's input {spec}, which takes {Taken(spec)}; name columns that are no inputs with --labels"));
    }

    private InputBinding? TryOne(int input, TensorSpec spec, int column) => columns[column].Kind == CellKind.Vector
        ? One(input, spec, column, isVector: true)
        : IsSingle(spec) ? One(input, spec, column, isVector: false)
        : null;

    private InputBinding One(int input, TensorSpec spec, int column, bool isVector)
    {
        if (isVector && (spec.Datatype == Datatype.Bytes || spec.Shape.Skip(1).Count(axis => axis < 0) > 1))
        {
            throw new BadDataException($"column {Quote.Of(columns[column].Name)} holds arrays, from which input {spec} cannot be made: {(spec.Datatype == Datatype.Bytes ? "they hold numbers alone" : "more than one of its axes is open")}");
        }

        return new(input, spec, [column], [columns[column].Name], isVector);
    }

    private int? OnlyText()
    {
        var texts = _free.FindAll(column => columns[column].Kind == CellKind.Text && inputs.All(spec => spec.Name != columns[column].Name));
        return texts is [var only] ? only : null;
    }

    private IEnumerable<string> Free() => _free.Select(column => columns[column].Name);

    private static bool IsSingle(TensorSpec spec) => spec.Shape.Skip(1).All(axis => axis == 1);

    private static string Taken(TensorSpec spec) => spec.Shape.Count switch
    {
        <= 2 when IsSingle(spec) => "one",
        2 when spec.Shape[1] > 0 => spec.Shape[1].ToString(CultureInfo.InvariantCulture),
        2 => "at least one",
        _ => "one that holds arrays, in JSON lines or Parquet",
    };

    private static void RequireRows(TensorSpec spec)
    {
        if (spec.Shape is not ([-1, ..] or [1, ..]))
        {
            throw new BadDataException($"cannot be given to the model's input {spec}, which has no first axis of rows: no baseline can be made for this model");
        }
    }

    /// <summary>Names for a message, of many the first.</summary>
    public static string Known(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count == 0 ? "none" : string.Join(", ", all.Take(MostNamesShown)) + (all.Count > MostNamesShown ? $" and {all.Count - MostNamesShown} more" : "");
    }
}
