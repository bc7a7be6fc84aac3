using System.Globalization;
using System.Text.Unicode;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>
/// What a ModelInferRequest says before its tensors: which model is asked, how long it may take. Found in one pass over the outermost fields,
/// since they may come in any order.
/// </summary>
internal readonly struct InferHead
{
    private const uint ModelName = (1 << 3) | ProtoCursor.BytesType;
    private const uint ModelVersion = (2 << 3) | ProtoCursor.BytesType;
    private const uint RequestId = (3 << 3) | ProtoCursor.BytesType;
    private const uint Parameters = (4 << 3) | ProtoCursor.BytesType;
    private const uint MapKey = (1 << 3) | ProtoCursor.BytesType;
    private const uint MapValue = (2 << 3) | ProtoCursor.BytesType;
    private const uint Int64Value = (2 << 3) | ProtoCursor.VarintType;
    private const uint UInt64Value = (5 << 3) | ProtoCursor.VarintType;

    // What is longer limits nothing, and would not fit a TimeSpan.
    private const ulong MostMicroseconds = 24UL * 60 * 60 * 1_000_000;

    /// <summary>Where the strings stand in the message; empty when absent.</summary>
    public Range Model { get; private init; }

    public Range Version { get; private init; }

    public Range Id { get; private init; }

    /// <summary>What the parameter <c>timeout</c> asks for; null when it asks for nothing.</summary>
    public TimeSpan? Timeout { get; private init; }

    public int Inputs { get; private init; }

    public int Outputs { get; private init; }

    /// <summary>Entries of <c>raw_input_contents</c>.</summary>
    public int Raws { get; private init; }

    /// <exception cref="ServingException">The bytes are no such message.</exception>
    public static InferHead Read(ReadOnlySpan<byte> message)
    {
        Range model = default, version = default, id = default;
        TimeSpan? timeout = null;
        int inputs = 0, outputs = 0, raws = 0;
        var cursor = new ProtoCursor(message);
        while (cursor.TryTag(out var tag))
        {
            switch (tag)
            {
                case ModelName: model = Text(ref cursor, "model_name", message); break;
                case ModelVersion: version = Text(ref cursor, "model_version", message); break;
                case RequestId: id = Text(ref cursor, "id", message); break;
                case Parameters: timeout = ReadParameter(cursor.Bytes()) ?? timeout; break;
                case InferMessageReader.Input: cursor.Skip(tag); inputs++; break;
                case InferMessageReader.Output: cursor.Skip(tag); outputs++; break;
                case InferMessageReader.RawInput: cursor.Skip(tag); raws++; break;
                default: cursor.Skip(tag); break;
            }
        }

        return new InferHead { Model = model, Version = version, Id = id, Timeout = timeout, Inputs = inputs, Outputs = outputs, Raws = raws };
    }

    private static Range Text(ref ProtoCursor cursor, string field, ReadOnlySpan<byte> message)
    {
        var length = cursor.Bytes().Length;
        var range = (cursor.Position - length)..cursor.Position;
        return Utf8.IsValid(message[range]) ? range : throw ServingException.Invalid($"'{field}' must be UTF-8 text.");
    }

    private static TimeSpan? ReadParameter(ReadOnlySpan<byte> entry)
    {
        ReadOnlySpan<byte> key = default, value = default;
        var cursor = new ProtoCursor(entry);
        while (cursor.TryTag(out var tag))
        {
            switch (tag)
            {
                case MapKey: key = cursor.Bytes(); break;
                case MapValue: value = cursor.Bytes(); break;
                default: cursor.Skip(tag); break;
            }
        }

        return key.SequenceEqual("timeout"u8) ? ReadTimeout(value) : null;
    }

    private static TimeSpan? ReadTimeout(ReadOnlySpan<byte> value)
    {
        var cursor = new ProtoCursor(value);
        ulong? microseconds = null;
        while (cursor.TryTag(out var tag))
        {
            switch (tag)
            {
                case Int64Value or UInt64Value:
                    microseconds = cursor.Varint();
                    if (tag == Int64Value && (long)microseconds < 0)
                    {
                        throw ServingException.Invalid(string.Create(
                            CultureInfo.InvariantCulture, $"The parameter 'timeout' must not be negative, got {(long)microseconds}."));
                    }

                    break;
                default: cursor.Skip(tag); break;
            }
        }

        // As Triton has it, 0 sets no limit.
        return microseconds switch
        {
            null => throw ServingException.Invalid("The parameter 'timeout' must be whole microseconds, as int64_param or uint64_param."),
            0 or > MostMicroseconds => null,
            { } some => TimeSpan.FromMicroseconds((long)some),
        };
    }
}
