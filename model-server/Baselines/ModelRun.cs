using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>Called with a batch's tensors, inputs and outputs in the session's order; they are valid until it returns.</summary>
internal delegate void VisitBatch(IReadOnlyList<OutputTensor> inputs, IReadOnlyList<OutputTensor> outputs, int rows);

/// <summary>Runs the model over all rows of the training data, some at a time.</summary>
internal sealed class ModelRun(ModelSession session, string data, IReadOnlyList<InputBinding> bindings)
{
    private const int MostRows = 1024;

    // A batch of pictures would otherwise take gigabytes.
    private const int MostElements = 1 << 20;

    // Texts are filled up to the longest of a batch.
    private const int MostTexts = 32;

    private readonly HashSet<string> _columns = [.. bindings.SelectMany(binding => binding.Names)];

    /// <param name="tell">Called with the share of the file that has been read.</param>
    /// <returns>Rows of the file.</returns>
    /// <exception cref="BadDataException">A row is not what the model takes, or the model fails on it.</exception>
    public async Task<long> AllAsync(VisitBatch visit, Action<double> tell, CancellationToken cancellationToken)
    {
        await using var reader = await RowReaders.OpenAsync(data, _columns, cancellationToken);
        var stages = bindings.Select(binding => new InputStage(binding)).ToList();
        var (total, rows, first) = (0L, 0, "");
        while (await reader.ReadAsync(cancellationToken))
        {
            first = rows == 0 ? reader.Place : first;
            stages.ForEach(stage => stage.Add(reader));
            total++;
            if (++rows >= BatchRows(stages))
            {
                Run(stages, rows, $"{first} to {reader.Place}", visit, cancellationToken);
                tell(reader.Share);
                rows = 0;
            }
        }

        if (rows > 0)
        {
            Run(stages, rows, $"{first} to {reader.Place}", visit, cancellationToken);
        }

        tell(1);
        return total;
    }

    private int BatchRows(List<InputStage> stages) =>
        session.Inputs.Any(spec => spec.Shape is [1, ..]) ? 1
        : session.Text is not null ? MostTexts
        : (int)Math.Clamp(MostElements / Math.Max(1, stages.Sum(stage => (long)stage.RowElements)), 1, MostRows);

    private void Run(List<InputStage> stages, int rows, string place, VisitBatch visit, CancellationToken cancellationToken)
    {
        using var call = session.Rent();
        stages.ForEach(stage => stage.MoveTo(call, rows));
        try
        {
            session.Text?.Encode(call);
            using var given = session.Run(call, cancellationToken);
            visit(
                [.. session.Inputs.Select((spec, i) => new OutputTensor(spec, call.Input(i)))],
                [.. session.Outputs.Select((spec, i) => new OutputTensor(spec, given[i], firstRow: 0, rows: -1))],
                rows);
        }
        catch (Exception exception) when (exception is ServingException or OnnxRuntimeException)
        {
            throw new BadDataException(string.Create(
                CultureInfo.InvariantCulture, $"{place}: {(exception is OnnxRuntimeException ? $"the model failed: {OrtMessage.Of(exception)}" : exception.Message.TrimEnd('.'))}"), exception);
        }
    }
}
