using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>Runs the model over all rows of a file.</summary>
internal sealed class ModelRun(ModelSession session, string data, IReadOnlyList<InputBinding> bindings) : RowRun(data, bindings)
{
    // Texts are filled up to the longest of a batch.
    private const int MostTexts = 32;

    protected override int MostRows =>
        session.Inputs.Any(spec => spec.Shape is [1, ..]) ? 1
        : session.Text is not null ? MostTexts
        : base.MostRows;

    protected override void Run(IReadOnlyList<InputStage> stages, int rows, string place, Action<TensorBatch> visit, CancellationToken cancellationToken)
    {
        using var call = session.Rent();
        foreach (var stage in stages)
        {
            stage.MoveTo(call, rows);
        }

        try
        {
            session.Text?.Encode(call);
            using var given = session.Run(call, cancellationToken);
            visit(new(
                [.. session.Inputs.Select((spec, i) => new OutputTensor(spec, call.Input(i)))],
                [.. session.Outputs.Select((spec, i) => new OutputTensor(spec, given[i], firstRow: 0, rows: -1))],
                call.Tokens,
                rows));
        }
        catch (Exception exception) when (exception is ServingException or OnnxRuntimeException)
        {
            throw new BadDataException(string.Create(
                CultureInfo.InvariantCulture, $"{place}: {(exception is OnnxRuntimeException ? $"the model failed: {OrtMessage.Of(exception)}" : exception.Message.TrimEnd('.'))}"), exception);
        }
    }
}
