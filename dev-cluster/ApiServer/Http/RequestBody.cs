using System.Buffers;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>A request's body as it came, with the media type that its sender gave it (no parameters, lower case; empty when none was given).</summary>
internal sealed record RequestBody(byte[] Bytes, string MediaType)
{
    /// <summary>What the API server takes at most: 3 MiB.</summary>
    public const int Limit = 3 * 1024 * 1024;

    /// <exception cref="StatusException">413 when the body is longer than the limit.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Limit)
        {
            throw TooLarge();
        }

        var mediaType = (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        using var buffer = new MemoryStream();
        var chunk = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
            {
                if (buffer.Length + read > Limit)
                {
                    throw TooLarge();
                }

                buffer.Write(chunk, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return new RequestBody(buffer.ToArray(), mediaType);
    }

    private static StatusException TooLarge() =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {Limit}", []);
}
