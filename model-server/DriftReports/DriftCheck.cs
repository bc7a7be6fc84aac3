using Slipway.ModelServer.Baselines;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.DriftReports;

/// <summary>Compares a data set with a baseline: counts its rows as a server would count them, and scores the counts.</summary>
/// <param name="tell">Called with the share of the work that is done.</param>
internal sealed class DriftCheck(Baseline baseline, DriftRequest request, Action<double> tell)
{
    private readonly List<string> _notes = [];

    /// <summary>What is left out, and why; complete once the check is over.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <exception cref="BadDataException">The data cannot be read, or are not what the model takes.</exception>
    /// <exception cref="ModelRejectedException">The baseline is of another model.</exception>
    public async Task<DriftReport> OfModelAsync(ModelSession session, CancellationToken cancellationToken)
    {
        var plan = BaselineBinding.Bind(baseline, session, request.BaselineFile);
        var columns = await ColumnsAsync(cancellationToken);
        var named = new FeatureColumns(request, baseline.Inputs, columns);
        named.RequireAll();
        var bindings = new ColumnMap(session.Inputs, columns, request.Labels).Bind();
        named.RequireOrder(bindings);
        return await CountAsync(plan, new ModelRun(session, request.Data, bindings), cancellationToken);
    }

    /// <summary>Without the model, and so without its outputs.</summary>
    /// <exception cref="BadDataException">The data cannot be read, or are not what the model takes.</exception>
    /// <exception cref="ModelRejectedException">The baseline cannot be used without its model.</exception>
    public async Task<DriftReport> OfInputsAsync(CancellationToken cancellationToken)
    {
        var columns = await ColumnsAsync(cancellationToken);
        var (bindings, inputs) = new FeatureColumns(request, baseline.Inputs, columns).Bind(_notes);
        if (inputs.Count == 0)
        {
            throw new ModelRejectedException($"{request.BaselineFile} has no feature that could be told without the model; name it with --model.");
        }

        _notes.AddRange(baseline.Outputs.Select(output => $"{BaselineBounds.OutputPrefix}{output.Name} is left out: it takes the model, which --model names"));
        var plan = BaselineBinding.Bind(baseline with { Inputs = inputs, Outputs = [] }, [.. bindings.Select(binding => binding.Spec)], [], encoder: null, request.BaselineFile);
        using var run = new InputRun(request.Data, bindings);
        return await CountAsync(plan, run, cancellationToken);
    }

    private async Task<IReadOnlyList<TableColumn>> ColumnsAsync(CancellationToken cancellationToken)
    {
        await using var reader = await RowReaders.OpenAsync(request.Data, wanted: null, cancellationToken);
        return reader.Columns;
    }

    private async Task<DriftReport> CountAsync(DriftPlan plan, RowRun run, CancellationToken cancellationToken)
    {
        var rows = await run.AllAsync(batch => plan.Observe(batch.Inputs, batch.Outputs, batch.Tokens), tell, cancellationToken);
        return rows > 0 ? DriftReport.Of(plan, rows, request) : throw new BadDataException("has no rows; there is nothing to compare with the baseline");
    }
}
