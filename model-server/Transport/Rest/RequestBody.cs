using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// A request's whole body as one piece of memory: the pipe's own when it arrived in one segment, as small bodies do, else pooled memory
/// that grows with what really arrives. Dispose it exactly once, when nothing points into <see cref="Memory"/> any more.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
    private const int FirstRent = 16 << 10;

    private readonly PipeReader? _pipe;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(PipeReader pipe, ReadOnlySequence<byte> buffer)
    {
        _pipe = pipe;
        _end = buffer.End;
        Memory = buffer.First;
    }

    private RequestBody(byte[] rented, int length)
    {
        _rented = rented;
        Memory = rented.AsMemory(0, length);
    }

    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>Takes the body if all of it is here in one piece, which needs no waiting and no copy.</summary>
    public static bool TryTake(HttpContext http, out RequestBody body)
    {
        body = default;
        var pipe = http.Request.BodyReader;
        if (http.Request.ContentLength is not { } length || !pipe.TryRead(out var read))
        {
            return false;
        }

        if (read.Buffer.IsSingleSegment && read.Buffer.Length == length)
        {
            body = new RequestBody(pipe, read.Buffer);
            return true;
        }

        pipe.AdvanceTo(read.Buffer.Start);
        return false;
    }

    /// <exception cref="ServingException">The body is larger than <paramref name="most"/> bytes.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext http, int most, CancellationToken cancellationToken)
    {
        if (http.Request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        var pipe = http.Request.BodyReader;
        var rented = ArrayPool<byte>.Shared.Rent(FirstRent);
        var used = 0;
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                if (used + read.Buffer.Length > most)
                {
                    pipe.AdvanceTo(read.Buffer.End);
                    throw TooLarge(most);
                }

                Append(ref rented, ref used, read.Buffer, http.Request.ContentLength);
                pipe.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return new RequestBody(rented, used);
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw;
        }
    }

    public void Dispose()
    {
        _pipe?.AdvanceTo(_end);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private static ServingException TooLarge(int most) =>
        new(ErrorCode.TooLarge, $"The body is larger than {most} bytes, the most that this server takes; send fewer rows at a time.");

    private static void Append(ref byte[] rented, ref int used, ReadOnlySequence<byte> arrived, long? announced)
    {
        var needed = used + (int)arrived.Length;
        if (needed > rented.Length)
        {
            // At most four times what has arrived, whatever was announced.
            var room = Math.Min(announced ?? long.MaxValue, Math.Min(4L * needed, Array.MaxLength));
            var next = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, room));
            rented.AsSpan(0, used).CopyTo(next);
            ArrayPool<byte>.Shared.Return(rented);
            rented = next;
        }

        arrived.CopyTo(rented.AsSpan(used));
        used = needed;
    }
}
