using Slipway.ModelServer.Inference.Outputs;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.Inference;

/// <summary>What stands between clients and the graph. For most models nothing: its inputs and outputs are served as they are.</summary>
/// <param name="Inputs">What clients send: the graph's own specs, and a text in place of the tokens that are made of it.</param>
/// <param name="Text">Null when clients send the graph's inputs themselves.</param>
internal sealed record Pipeline(IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<ServedOutput> Outputs, TextEncoder? Text)
{
    public static Pipeline Of(Signature signature) => new(signature.Inputs, signature.Outputs, Text: null);
}
