using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>
/// Makes a model's baseline of its training data. The file is read twice, or three times when there are vectors: for the bins of all figures but
/// cosines, for those of cosines, and for the share of rows in each bin, so that shares are exact even where bins are of a sample.
/// </summary>
/// <param name="tell">Called with the share of the whole work that is done.</param>
internal sealed class BaselineMaker(ModelSession session, BaselineRequest request, Action<double> tell)
{
    private readonly List<string> _notes = [];
    private TensorTally?[] _inputs = [];
    private TensorTally?[] _outputs = [];

    /// <summary>What is left out, and why; complete once <see cref="MakeAsync"/> is over.</summary>
    public IReadOnlyList<string> Notes => _notes;

    private bool NeedsCentroids => Tallies.Any(tally => tally.NeedsCentroid);

    private int Passes => NeedsCentroids ? 3 : 2;

    private IEnumerable<TensorTally> Tallies => _inputs.Concat(_outputs).OfType<TensorTally>();

    /// <exception cref="BadDataException">The data cannot be read, or are not what the model takes.</exception>
    public async Task<Baseline> MakeAsync(CancellationToken cancellationToken)
    {
        var bindings = await BindAsync(cancellationToken);
        var run = new ModelRun(session, request.Data, bindings);
        var rows = await SampleAsync(run, bindings, cancellationToken);
        if (NeedsCentroids)
        {
            foreach (var tally in Tallies)
            {
                tally.SettleCentroid();
            }

            await AgainAsync(run, pass: 1, rows, static (tally, tensor) => tally.SampleCosines(tensor), cancellationToken);
        }

        var passes = Passes;
        _notes.AddRange(Tallies.SelectMany(tally => tally.Settle()).ToList());
        if (!Tallies.Any(tally => tally.Names.Any()))
        {
            throw new BadDataException($"gives no feature that could be watched: {string.Join("; ", _notes)}");
        }

        await AgainAsync(run, passes - 1, rows, static (tally, tensor) => tally.Count(tensor), cancellationToken);
        return new()
        {
            Format = BaselineBounds.Format,
            Rows = rows,
            Inputs = Results(_inputs, prefix: ""),
            Outputs = Results(_outputs, BaselineBounds.OutputPrefix),
        };
    }

    private List<BaselineFeature> Results(IEnumerable<TensorTally?> tallies, string prefix) =>
        [.. tallies.OfType<TensorTally>().SelectMany(tally => tally.Results()).Select(feature => feature with { Seasonality = request.Seasonality.GetValueOrDefault(prefix + feature.Name) })];

    private async Task<IReadOnlyList<InputBinding>> BindAsync(CancellationToken cancellationToken)
    {
        await using var reader = await RowReaders.OpenAsync(request.Data, wanted: null, cancellationToken);
        return new ColumnMap(session.Inputs, reader.Columns, request.Labels).Bind();
    }

    private async Task<long> SampleAsync(ModelRun run, IReadOnlyList<InputBinding> bindings, CancellationToken cancellationToken)
    {
        var isPlanned = false;
        var rows = await run.AllAsync(
            batch =>
            {
                if (!isPlanned)
                {
                    (_inputs, _outputs) = new FeatureChoice(session, request, _notes).Of(bindings, batch.Inputs, batch.Outputs, batch.Rows);
                    isPlanned = true;
                }

                Each(batch, (tally, tensor) => tally.Sample(tensor, batch.Rows));
            },
            share => tell(share / Passes),
            cancellationToken);
        return rows > 0 ? rows : throw new BadDataException("has no rows; a baseline is made of the rows that the model was trained on");
    }

    private async Task AgainAsync(ModelRun run, int pass, long rows, Action<TensorTally, OutputTensor> visit, CancellationToken cancellationToken)
    {
        var passes = Passes;
        var read = await run.AllAsync(batch => Each(batch, visit), share => tell((pass + share) / passes), cancellationToken);
        if (read != rows)
        {
            throw new BadDataException($"changed while it was read: it had {rows} rows at first and {read} later");
        }
    }

    private void Each(TensorBatch batch, Action<TensorTally, OutputTensor> visit)
    {
        foreach (var (tally, tensor) in _inputs.Zip(batch.Inputs).Concat(_outputs.Zip(batch.Outputs)))
        {
            if (tally is not null)
            {
                visit(tally, tensor);
            }
        }
    }
}
