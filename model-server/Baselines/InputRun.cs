using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Baselines;

/// <summary>Makes a model's inputs of all rows of a file, without the model.</summary>
/// <param name="bindings">One for each input, in their order.</param>
internal sealed class InputRun(string data, IReadOnlyList<InputBinding> bindings) : RowRun(data, bindings), IDisposable
{
    private readonly TensorBuffer[] _buffers = [.. bindings.Select(binding => new TensorBuffer(binding.Spec))];
    private readonly TokenCounts _none = new();

    public void Dispose() => Array.ForEach(_buffers, buffer => buffer.Dispose());

    protected override void Run(IReadOnlyList<InputStage> stages, int rows, string place, Action<TensorBatch> visit, CancellationToken cancellationToken)
    {
        for (var i = 0; i < stages.Count; i++)
        {
            stages[i].MoveTo(_buffers[i], rows);
        }

        visit(new([.. Bindings.Select((binding, i) => new OutputTensor(binding.Spec, _buffers[i]))], [], _none, rows));
    }
}
