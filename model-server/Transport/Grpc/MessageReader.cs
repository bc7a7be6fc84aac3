using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using Grpc.Core;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>
/// Takes gRPC's messages out of a request's body: each behind five bytes that say whether it is compressed and how long it is. Memory grows
/// with what really arrives, not with what is announced.
/// </summary>
/// <param name="budget">A message is taken out of it before any of it is read, until the message is disposed.</param>
/// <param name="encoding">The header <c>grpc-encoding</c>.</param>
/// <param name="most">Largest message in bytes, compressed and not.</param>
internal sealed class MessageReader(PipeReader pipe, string encoding, int most, BodyBudget budget) : IDisposable
{
    public const int PrefixBytes = 5;

    private const int FirstRent = 16 << 10;

    private byte[]? _rented;
    private int _length = -1;
    private int _used;
    private bool _compressed;

    /// <summary>Takes the next message if all of it is here, or the end: null.</summary>
    /// <returns>False when there is more to wait for.</returns>
    /// <exception cref="ServingException">The body ends inside a message, or the message is too large, or larger than what is left of the budget.</exception>
    /// <exception cref="RpcException">The compression is not known here.</exception>
    public bool TryNext(out PooledMessage? message)
    {
        message = null;
        return pipe.TryRead(out var read) && TryTake(read, out message);
    }

    /// <returns>Null at the end.</returns>
    public async ValueTask<PooledMessage?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(await pipe.ReadAsync(cancellationToken), out var message))
            {
                return message;
            }
        }
    }

    public void Dispose()
    {
        if (_length >= 0)
        {
            budget.Release(_length);
            _length = -1;
        }

        ReturnRented();
    }

    private bool TryTake(ReadResult read, out PooledMessage? message)
    {
        message = null;
        var buffer = read.Buffer;
        if (_length < 0)
        {
            if (buffer.Length < PrefixBytes)
            {
                pipe.AdvanceTo(buffer.Start, buffer.End);
                return read.IsCompleted && (buffer.IsEmpty ? true : throw Truncated());
            }

            BeginMessage(buffer);
            buffer = buffer.Slice(PrefixBytes);
        }

        var part = buffer.Slice(0, Math.Min(buffer.Length, _length - _used));
        Append(part);
        pipe.AdvanceTo(part.End);
        if (_used < _length)
        {
            return read.IsCompleted ? throw Truncated() : false;
        }

        message = EndMessage();
        return true;
    }

    private void BeginMessage(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (prefix[0] > 1 || length > most)
        {
            pipe.AdvanceTo(buffer.End);
            throw prefix[0] > 1
                ? ServingException.Invalid("The body is not in gRPC's framing: a message begins with neither 0 nor 1.")
                : TooLarge();
        }

        try
        {
            budget.Take(length);
        }
        catch (ServingException)
        {
            pipe.AdvanceTo(buffer.End);
            throw;
        }

        _compressed = prefix[0] == 1;
        _length = (int)length;
        _used = 0;
    }

    private void Append(ReadOnlySequence<byte> part)
    {
        var needed = _used + (int)part.Length;
        if (_rented is null || needed > _rented.Length)
        {
            var next = ArrayPool<byte>.Shared.Rent((int)Math.Min(_length, Math.Max(FirstRent, 4L * needed)));
            _rented.AsSpan(0, _used).CopyTo(next);
            ReturnRented();
            _rented = next;
        }

        part.CopyTo(_rented.AsSpan(_used));
        _used = needed;
    }

    private PooledMessage EndMessage()
    {
        var message = new PooledMessage(_rented ?? [], _length, budget);
        _rented = null;
        _length = -1;
        if (!_compressed)
        {
            return message;
        }

        using (message)
        {
            return MessageCompression.Expand(message.Memory, encoding, most, budget) ?? throw TooLarge();
        }
    }

    private void ReturnRented()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private ServingException TooLarge() => new(ErrorCode.TooLarge, string.Create(
        CultureInfo.InvariantCulture, $"The message is larger than {most} bytes, the most that this server takes; send fewer rows at a time."));

    private static ServingException Truncated() => ServingException.Invalid("The body ends inside a message.");
}
