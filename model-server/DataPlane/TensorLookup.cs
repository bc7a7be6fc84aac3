using System.Globalization;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.DataPlane;

/// <summary>Finds the tensors that a client names among those that a model has.</summary>
internal static class TensorLookup
{
    private const int MostNamed = 16;

    /// <param name="side"><c>input</c> or <c>output</c>.</param>
    /// <returns>Its place among <paramref name="specs"/>.</returns>
    /// <exception cref="ServingException">The model has none of this name.</exception>
    public static int Find(ReadOnlySpan<byte> name, string side, IReadOnlyList<TensorSpec> specs)
    {
        for (var i = 0; i < specs.Count; i++)
        {
            if (specs[i].Utf8Name.SequenceEqual(name))
            {
                return i;
            }
        }

        var known = string.Join(", ", specs.Take(MostNamed).Select(spec => spec.ToString()));
        throw ServingException.Invalid(
            $"The model has no {side} {Quote.Of(name)}; its {side}s are {known}{(specs.Count > MostNamed ? " and more" : "")}.");
    }

    /// <exception cref="ServingException">An input of the model was not given.</exception>
    public static void RequireAll(InferCall call)
    {
        var inputs = call.Session.Inputs;
        for (var i = 0; i < inputs.Count; i++)
        {
            if (!call.IsGiven(i))
            {
                throw ServingException.Invalid(string.Create(
                    CultureInfo.InvariantCulture, $"'inputs' lacks {inputs[i]}; the model takes {inputs.Count} inputs."));
            }
        }
    }
}
