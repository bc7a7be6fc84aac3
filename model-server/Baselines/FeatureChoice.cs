using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>Chooses the features of a model once a first batch has shown what its outputs look like.</summary>
/// <param name="notes">Grows by what is left out, and why.</param>
internal sealed class FeatureChoice(ModelSession session, BaselineRequest request, List<string> notes)
{
    private const int MostNamesShown = 12;

    // How far a row of probabilities in half precision may be from 1.
    private const double SumTolerance = 0.01;

    /// <returns>One for each input and each output; null where nothing is watched.</returns>
    /// <exception cref="BadDataException">There are too many features or none, or their names cannot be used.</exception>
    public (TensorTally?[] Inputs, TensorTally?[] Outputs) Of(
        IReadOnlyList<InputBinding> bindings, IReadOnlyList<OutputTensor> inputs, IReadOnlyList<OutputTensor> outputs, int rows)
    {
        var ofInputs = bindings.Select((binding, i) => InputFigures(i, binding, inputs[i])).ToList();
        var ofOutputs = outputs.Select(output => OutputFigures(output, rows)).ToList();
        var inputNames = ofInputs.SelectMany(figures => figures).Select(figure => figure.Name).ToList();
        if (inputNames.Find(name => name.StartsWith(BaselineBounds.OutputPrefix, StringComparison.Ordinal)) is { } misleading)
        {
            throw new BadDataException($"gives a feature {Quote.Of(misleading)}, whose name begins as those of outputs do; give the column another name");
        }

        var names = inputNames.Concat(ofOutputs.SelectMany(figures => figures).Select(figure => BaselineBounds.OutputPrefix + figure.Name)).ToList();
        Require(names);
        return (
            [.. ofInputs.Select((figures, i) => Tally(inputs[i], figures.Where(figure => IsWanted(figure.Name)), i))],
            [.. ofOutputs.Select((figures, i) => Tally(outputs[i], figures.Where(figure => IsWanted(BaselineBounds.OutputPrefix + figure.Name)), input: -1))]);
    }

    private bool IsWanted(string name) => request.Features.Count == 0 || request.Features.Contains(name, StringComparer.Ordinal);

    private IReadOnlyList<Figure> InputFigures(int input, InputBinding binding, OutputTensor tensor) =>
        input == session.Text?.Input ? FigurePlan.OfText(binding.Spec.Name)
        : !binding.IsVector ? FigurePlan.OfColumns(binding.Spec, binding.Names)
        : Noted(tensor.Spec, FigurePlan.Of(tensor.Spec, tensor.Shape[1..].ToArray()));

    private IReadOnlyList<Figure> OutputFigures(OutputTensor tensor, int rows)
    {
        if (tensor.Shape is [var count, .. var rest] && count == rows && tensor.Count > 0)
        {
            return Noted(tensor.Spec, FigurePlan.OfOutput(tensor.Spec, rest.ToArray(), AddsUpToOne(tensor, rows)));
        }

        notes.Add($"{tensor.Spec} is left out: it does not have one row for each row of the inputs");
        return [];
    }

    private IReadOnlyList<Figure> Noted(TensorSpec spec, IReadOnlyList<Figure> figures)
    {
        if (figures.Count == 0)
        {
            notes.Add($"{spec} is left out: its rows are too long to be watched");
        }

        return figures;
    }

    private TensorTally? Tally(OutputTensor tensor, IEnumerable<Figure> figures, int input) => figures.ToList() is { Count: > 0 } kept
        ? new TensorTally(tensor.Spec, tensor.Shape[1..].ToArray(), kept, input == session.Text?.Input ? session.Text : null)
        : null;

    private void Require(List<string> names)
    {
        var kept = names.FindAll(IsWanted);
        foreach (var (option, name) in request.Features.Except(names).Select(name => ("--features", name)).Concat(request.Seasonality.Keys.Except(kept).Select(name => ("--seasonality", name))))
        {
            throw new BadDataException($"gives no feature {Quote.Of(name)}, which {option} names; it gives {Shown(names)}");
        }

        if (kept.Count is 0 or > BaselineBounds.MostFeatures)
        {
            throw new BadDataException(kept.Count == 0
                ? "gives no feature that could be watched"
                : $"gives {kept.Count} features, of which a baseline holds {BaselineBounds.MostFeatures}; pick them with --features, such as --features {string.Join(',', names.Take(3))}");
        }

        foreach (var name in kept)
        {
            if (name.Length > BaselineBounds.LongestName)
            {
                throw new BadDataException($"gives a feature {Quote.Of(name)} of {name.Length} characters; at most {BaselineBounds.LongestName} are taken: give the column a shorter name");
            }
        }

        if (kept.CountBy(name => name).FirstOrDefault(name => name.Value > 1).Key is { } twice)
        {
            throw new BadDataException($"gives two features of the name {Quote.Of(twice)}; give the column another name");
        }
    }

    private static bool AddsUpToOne(OutputTensor tensor, int rows)
    {
        if (tensor.Spec.Datatype is Datatype.Bytes || tensor.Count / rows > FigurePlan.MostClasses)
        {
            return false;
        }

        for (var row = 0; row < rows; row++)
        {
            var elements = new TensorRow(tensor, tensor.Bytes, row);
            var (sum, least) = (0.0, 0.0);
            for (var i = 0; i < elements.Width; i++)
            {
                sum += elements.Number(i);
                least = Math.Min(least, elements.Number(i));
            }

            if (least < 0 || !(Math.Abs(sum - 1) <= SumTolerance))
            {
                return false;
            }
        }

        return true;
    }

    private static string Shown(List<string> names) =>
        names.Count <= MostNamesShown ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNamesShown))} and {names.Count - MostNamesShown} more";
}
