using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads the name of a tensor and finds what it names.</summary>
internal static class TensorNames
{
    /// <returns>Its place among <paramref name="specs"/>.</returns>
    /// <exception cref="ServingException">The model has none of this name.</exception>
    public static int Find(ref JsonCursor cursor, string side, IReadOnlyList<TensorSpec> specs)
    {
        if (cursor.Peek() != '"')
        {
            throw ServingException.Invalid($"The name of an {side} must be a string.");
        }

        return TensorLookup.Find(cursor.TakeString("to begin a name"), side, specs);
    }
}
