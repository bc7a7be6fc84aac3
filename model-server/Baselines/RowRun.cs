using Slipway.ModelServer.Baselines.Data;

namespace Slipway.ModelServer.Baselines;

/// <summary>Makes tensors of all rows of a file, some at a time.</summary>
internal abstract class RowRun(string data, IReadOnlyList<InputBinding> bindings)
{
    // A batch of pictures would otherwise take gigabytes.
    private const int MostElements = 1 << 20;

    private readonly HashSet<string> _columns = [.. bindings.SelectMany(binding => binding.Names)];

    protected IReadOnlyList<InputBinding> Bindings { get; } = bindings;

    /// <summary>Most rows of a batch.</summary>
    protected virtual int MostRows => 1024;

    /// <param name="tell">Called with the share of the file that has been read.</param>
    /// <returns>Rows of the file.</returns>
    /// <exception cref="BadDataException">A row is not what the model takes, or the model fails on it.</exception>
    public async Task<long> AllAsync(Action<TensorBatch> visit, Action<double> tell, CancellationToken cancellationToken)
    {
        await using var reader = await RowReaders.OpenAsync(data, _columns, cancellationToken);
        var stages = Bindings.Select(binding => new InputStage(binding)).ToList();
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

    /// <param name="stages">One for each input, which has its rows and gives them away.</param>
    /// <param name="place">Where the rows stand, for messages.</param>
    protected abstract void Run(IReadOnlyList<InputStage> stages, int rows, string place, Action<TensorBatch> visit, CancellationToken cancellationToken);

    private int BatchRows(List<InputStage> stages) =>
        (int)Math.Clamp(MostElements / Math.Max(1, stages.Sum(stage => (long)stage.RowElements)), 1, MostRows);
}
