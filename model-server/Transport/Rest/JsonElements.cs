using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>How much JSON an element takes at least.</summary>
internal static class JsonElements
{
    /// <summary>Elements that so many bytes of JSON can hold: each takes a comma and one byte at least, a string its two quotes.</summary>
    public static long MostIn(int bytes, Datatype datatype) => (bytes + 1L) / (datatype == Datatype.Bytes ? 3 : 2);
}
