using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>Expands compressed messages. Answers are never compressed: tensors of floats shrink little.</summary>
internal static class MessageCompression
{
    /// <summary>The value of <c>grpc-accept-encoding</c>.</summary>
    public const string Accepted = "identity,gzip,deflate";

    private const int FirstRent = 64 << 10;

    /// <returns>Null when the message is larger than <paramref name="most"/> bytes.</returns>
    /// <exception cref="RpcException">There is no such compression here.</exception>
    /// <exception cref="ServingException">The bytes are not compressed in this way, or the message is larger than what is left of the budget.</exception>
    public static PooledMessage? Expand(ReadOnlyMemory<byte> compressed, string encoding, int most, BodyBudget budget)
    {
        using var source = new MemoryStream(compressed.ToArray(), writable: false);
        using Stream expanding = encoding switch
        {
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            "deflate" => new ZLibStream(source, CompressionMode.Decompress),
            _ => throw new RpcException(new Status(
                StatusCode.Unimplemented, $"This server does not expand {Quote.Of(encoding)}; send messages in one of {Accepted}.")),
        };
        var rented = ArrayPool<byte>.Shared.Rent(FirstRent);
        try
        {
            var used = 0;
            int read;
            while ((read = expanding.Read(rented.AsSpan(used))) > 0)
            {
                used += read;
                if (used > most)
                {
                    ArrayPool<byte>.Shared.Return(rented);
                    return null;
                }

                Grow(ref rented, used);
            }

            budget.Take(used);
            return new PooledMessage(rented, used, budget);
        }
        catch (ServingException)
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw;
        }
        catch (InvalidDataException exception)
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw new ServingException(ErrorCode.InvalidArgument, $"The message is not compressed as '{encoding}', as its headers say.", exception);
        }
    }

    private static void Grow(ref byte[] rented, int used)
    {
        if (used < rented.Length)
        {
            return;
        }

        var next = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * rented.Length, Array.MaxLength));
        rented.AsSpan(0, used).CopyTo(next);
        ArrayPool<byte>.Shared.Return(rented);
        rented = next;
    }
}
