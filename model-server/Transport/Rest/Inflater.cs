using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Expands compressed bodies, each to no more than a body may have as it is, and all within the budget of bodies.</summary>
internal static class Inflater
{
    private const int FirstRent = 64 << 10;

    /// <summary>Puts the expanded body in the place of <paramref name="body"/>, which is disposed in any case.</summary>
    /// <exception cref="ServingException">It is not what its coding says, or expands to more than <paramref name="most"/> bytes.</exception>
    public static RequestBody Replace(RequestBody body, ContentCoding coding, int most, BodyBudget budget)
    {
        using (body)
        {
            using var stream = Open(body.Memory, coding);
            var rented = ArrayPool<byte>.Shared.Rent(FirstRent);
            var taken = 0;
            try
            {
                // One byte more than is allowed must fit, to be seen.
                Fill(stream, ref rented, ref taken, coding, Math.Min(most, Array.MaxLength - 1), budget);
                return new RequestBody(budget, taken, rented, taken);
            }
            catch
            {
                budget.Release(taken);
                ArrayPool<byte>.Shared.Return(rented);
                throw;
            }
        }
    }

    private static void Fill(Stream stream, ref byte[] rented, ref int used, ContentCoding coding, int most, BodyBudget budget)
    {
        try
        {
            while (true)
            {
                var read = stream.Read(rented, used, rented.Length - used);
                if (used + read > most)
                {
                    throw new ServingException(
                        ErrorCode.TooLarge, $"The body expands to more than {most} bytes, the most that this server takes; send fewer rows at a time.");
                }

                if (read == 0)
                {
                    return;
                }

                budget.Take(read);
                used += read;
                if (used == rented.Length)
                {
                    Grow(ref rented, most);
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            throw new ServingException(
                ErrorCode.InvalidArgument, $"The body is not the {ContentCodings.Name(coding)} data that Content-Encoding says, or it breaks off.", exception);
        }
    }

    private static void Grow(ref byte[] rented, int most)
    {
        var next = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * rented.Length, most + 1L));
        rented.CopyTo(next, 0);
        ArrayPool<byte>.Shared.Return(rented);
        rented = next;
    }

    private static Stream Open(ReadOnlyMemory<byte> compressed, ContentCoding coding)
    {
        var memory = MemoryMarshal.TryGetArray(compressed, out var segment) ? segment : new ArraySegment<byte>(compressed.ToArray());
        var source = new MemoryStream(memory.Array!, memory.Offset, memory.Count, writable: false);
        return coding switch
        {
            ContentCoding.Gzip => new GZipStream(source, CompressionMode.Decompress),
            ContentCoding.Deflate when IsZlib(compressed.Span) => new ZLibStream(source, CompressionMode.Decompress),
            ContentCoding.Deflate => new DeflateStream(source, CompressionMode.Decompress),
            ContentCoding.Brotli => new BrotliStream(source, CompressionMode.Decompress),
            _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "cannot be expanded"),
        };
    }

    // Some clients send what zlib wraps, without the wrapping.
    private static bool IsZlib(ReadOnlySpan<byte> data) => data.Length >= 2 && (data[0] & 0x0f) == 8 && ((data[0] << 8) | data[1]) % 31 == 0;
}
