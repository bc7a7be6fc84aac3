using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// A request's whole body as one piece of memory: the pipe's own when it arrived in one segment, as small bodies do, else pooled memory
/// that grows with what really arrives. Counts against the budget until it is disposed: exactly once, when nothing points into
/// <see cref="Memory"/> any more.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
    private const int FirstRent = 16 << 10;

    private readonly BodyBudget _budget;
    private readonly long _taken;
    private readonly PipeReader? _pipe;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(BodyBudget budget, long taken, PipeReader pipe, ReadOnlySequence<byte> buffer)
    {
        _budget = budget;
        _taken = taken;
        _pipe = pipe;
        _end = buffer.End;
        Memory = buffer.First;
    }

    /// <param name="taken">Bytes that were taken out of the budget; they go back there.</param>
    /// <param name="rented">From the shared pool; it goes back there.</param>
    public RequestBody(BodyBudget budget, long taken, byte[] rented, int length)
    {
        _budget = budget;
        _taken = taken;
        _rented = rented;
        Memory = rented.AsMemory(0, length);
    }

    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>Takes an announced length out of the budget before any of it is read, and one that is not announced as it arrives.</summary>
    /// <exception cref="ServingException">The body is larger than <paramref name="most"/> bytes, or than what is left of the budget, or did not arrive by the deadline.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext http, int most, BodyBudget budget, RequestDeadline deadline)
    {
        var announced = http.Request.ContentLength;
        if (announced > most)
        {
            throw TooLarge(most);
        }

        budget.Take(announced ?? 0);
        var taken = announced ?? 0;
        byte[]? rented = null;
        try
        {
            if (TryTakeWhole(http, announced, out var piece))
            {
                return new RequestBody(budget, taken, http.Request.BodyReader, piece);
            }

            var used = 0;
            rented = ArrayPool<byte>.Shared.Rent((int)Math.Min(announced ?? FirstRent, FirstRent));
            while (true)
            {
                // What is here already needs nobody who watches the clock.
                if (announced is null || !http.Request.BodyReader.TryRead(out var read))
                {
                    read = await WaitAsync(http.Request.BodyReader, deadline);
                }

                try
                {
                    var arrived = used + read.Buffer.Length;
                    if (arrived > most)
                    {
                        throw TooLarge(most);
                    }

                    if (arrived > taken)
                    {
                        budget.Take(arrived - taken);
                        taken = arrived;
                    }

                    Append(ref rented, ref used, read.Buffer, announced);
                }
                finally
                {
                    http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                }

                if (read.IsCompleted)
                {
                    return new RequestBody(budget, taken, rented, used);
                }
            }
        }
        catch
        {
            budget.Release(taken);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }

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

        _budget.Release(_taken);
    }

    // All of it is here in one piece: no waiting and no copy.
    private static bool TryTakeWhole(HttpContext http, long? announced, out ReadOnlySequence<byte> piece)
    {
        var pipe = http.Request.BodyReader;
        piece = default;
        if (announced is null || !pipe.TryRead(out var read))
        {
            return false;
        }

        if (read.Buffer.IsSingleSegment && read.Buffer.Length == announced)
        {
            piece = read.Buffer;
            return true;
        }

        pipe.AdvanceTo(read.Buffer.Start);
        return false;
    }

    private static async ValueTask<ReadResult> WaitAsync(PipeReader pipe, RequestDeadline deadline)
    {
        try
        {
            return await pipe.ReadAsync(deadline.Token);
        }
        catch (OperationCanceledException late) when (deadline.IsOver)
        {
            throw deadline.Missed(late);
        }
    }

    private static ServingException TooLarge(int most) =>
        new(ErrorCode.TooLarge, $"The body is larger than {most} bytes, the most that this server takes; send fewer rows at a time.");

    private static void Append(ref byte[] rented, ref int used, ReadOnlySequence<byte> arrived, long? announced)
    {
        var needed = used + (int)arrived.Length;
        if (needed > rented.Length)
        {
            // An announced length is in the budget already, yet at most four times what has arrived is kept ready for it; without one, the
            // pool's next larger size is as much room as it gets.
            var room = Math.Min(announced ?? needed, Math.Min(4L * needed, Array.MaxLength));
            var next = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, room));
            rented.AsSpan(0, used).CopyTo(next);
            ArrayPool<byte>.Shared.Return(rented);
            rented = next;
        }

        arrived.CopyTo(rented.AsSpan(used));
        used = needed;
    }
}
