using System.Net.Http.Headers;

namespace Slipway.ModelServer.Storage;

/// <summary>Holds a store to the range that it was asked for: other bytes in its place would be written without a sign of it.</summary>
internal static class RangeCheck
{
    /// <param name="contentRange">The answer's <c>Content-Range</c>.</param>
    /// <exception cref="StoreException">The answer starts elsewhere, or the file is not as long as it was listed.</exception>
    public static void Require(StorageCalls calls, string path, StoredFile file, long offset, string? contentRange)
    {
        if (!ContentRangeHeaderValue.TryParse(contentRange, out var range) || range.From != offset)
        {
            throw new StoreException(
                StoreTrouble.Transient, $"Storage was asked for {path} from byte {offset} and answered with the range '{contentRange}'.");
        }

        if (range.Length is { } length && length != file.Size)
        {
            throw calls.Changed(path, $"it was {file.Size} bytes long and is {length}");
        }
    }
}
