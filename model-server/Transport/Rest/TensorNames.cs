using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads the name of a tensor and finds what it names.</summary>
internal static class TensorNames
{
    private const int MostNamed = 16;

    /// <returns>Its place among <paramref name="specs"/>.</returns>
    /// <exception cref="ServingException">The model has none of this name.</exception>
    public static int Find(ref JsonCursor cursor, string side, IReadOnlyList<TensorSpec> specs)
    {
        if (cursor.Peek() != '"')
        {
            throw ServingException.Invalid($"The name of an {side} must be a string.");
        }

        var name = cursor.TakeString("to begin a name");
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
}
