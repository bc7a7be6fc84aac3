using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Baselines;

/// <summary>Which columns of a file one input of the model is made of.</summary>
/// <param name="Input">Its place among the session's inputs.</param>
/// <param name="Columns">Places among the columns of the data, in the order of the input's elements.</param>
/// <param name="IsVector">The one column holds an array, all of the input's row.</param>
internal sealed record InputBinding(int Input, TensorSpec Spec, IReadOnlyList<int> Columns, IReadOnlyList<string> Names, bool IsVector)
{
    /// <summary>The input's axes behind the first; −1 where the model takes any length.</summary>
    public IReadOnlyList<long> RowShape { get; } = [.. Spec.Shape.Skip(1)];
}
