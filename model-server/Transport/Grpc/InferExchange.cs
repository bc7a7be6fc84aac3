using System.Buffers;
using System.Text;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>
/// One ModelInferRequest and its answer, and the memory of both. Disposing it counts it and gives the memory back; the answer must be written
/// by then.
/// </summary>
/// <param name="trace">Ended with the exchange; null for none.</param>
internal sealed class InferExchange(ServingDataPlane plane, RequestTrace? trace, CancellationToken aborted) : IDisposable
{
    private const int ShortName = 256;

    private PooledMessage _message;
    private InferHead _head;
    private InferCall? _call;
    private InferResult? _result;
    private InferMessageWriter _answer;
    private TimeSpan _measuring;

    public InferenceRequest Request { get; } = plane.Begin(Protocol.Grpc, trace, aborted);

    /// <summary>Bytes of the answer. Valid once <see cref="RunAsync"/> has returned.</summary>
    public long AnswerBytes => _answer.Size;

    /// <summary>The request's id as UTF-8; empty when it has none or could not be read.</summary>
    public ReadOnlyMemory<byte> Id => _message.Memory[_head.Id];

    /// <param name="message">The exchange owns it from now on.</param>
    /// <exception cref="ServingException">The message is no request that can be answered, or the model failed.</exception>
    /// <exception cref="OperationCanceledException">The deadline came, or the client went away.</exception>
    public async ValueTask RunAsync(PooledMessage message)
    {
        _message = message;
        var call = Read();
        _result = await Request.RunAsync(call);
        var start = plane.Clock.GetTimestamp();
        _answer = new InferMessageWriter(Request.Target, Id, _result.Value, _head.Raws > 0);
        _measuring = plane.Clock.GetElapsedTime(start);
    }

    /// <summary>Call once <see cref="RunAsync"/> has returned.</summary>
    public void WriteAnswer(IBufferWriter<byte> writer)
    {
        var start = plane.Clock.GetTimestamp();
        _answer.Write(writer);
        Request.Target.Metrics.Answered(_result!.Value, _measuring + plane.Clock.GetElapsedTime(start));
    }

    public void Dispose()
    {
        _result?.Dispose();
        _call?.Dispose();
        _message.Dispose();
        Request.Dispose();
    }

    private InferCall Read()
    {
        var start = plane.Clock.GetTimestamp();
        var message = _message.Memory.Span;
        _head = InferHead.Read(message);
        if (Request.WantsId)
        {
            Request.Identify(RequestId.Of(Id.Span));
        }

        if (_head.Timeout is { } timeout)
        {
            Request.Deadline.Shorten(timeout);
        }

        Enter(message[_head.Model], message[_head.Version]);
        _call = Request.Target.Session.Rent();
        InferMessageReader.Read(message, in _head, _call, plane.Limits);
        Request.Target.Metrics.Statistics.Read(plane.Clock.GetElapsedTime(start));
        return _call;
    }

    private void Enter(ReadOnlySpan<byte> model, ReadOnlySpan<byte> version)
    {
        // UTF-8 has no fewer bytes than UTF-16 has characters.
        Span<char> modelRoom = stackalloc char[ShortName];
        Span<char> versionRoom = stackalloc char[ShortName];
        Request.Enter(Decode(model, modelRoom), Decode(version, versionRoom));
    }

    private static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> utf8, Span<char> room) =>
        utf8.Length <= room.Length ? room[..Encoding.UTF8.GetChars(utf8, room)] : Encoding.UTF8.GetString(utf8);
}
