using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>Reads typed contents into one input, element behind element. Both the packed and the unpacked form are taken.</summary>
internal ref struct ContentsReader(TensorSpec spec, TensorBuffer target)
{
    private readonly int _field = TensorContents.Field(spec.Datatype);
    private int _at;

    /// <exception cref="ServingException">The elements stand in the wrong field, are too many, or out of the datatype's range.</exception>
    public void Read(ReadOnlySpan<byte> contents)
    {
        var cursor = new ProtoCursor(contents);
        while (cursor.TryTag(out var tag))
        {
            var number = tag >> 3;
            if (number == _field)
            {
                ReadField(ref cursor, tag);
            }
            else if (TensorContents.IsField(number))
            {
                throw ServingException.Invalid(
                    $"Input {spec} must have its elements in '{TensorContents.Name(_field)}', got '{TensorContents.Name((int)number)}'.");
            }
            else
            {
                cursor.Skip(tag);
            }
        }
    }

    /// <exception cref="ServingException">There were too few elements.</exception>
    public readonly void RequireFull()
    {
        if (_at != target.Count)
        {
            throw WrongCount(_at.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void ReadField(ref ProtoCursor cursor, uint tag)
    {
        switch (tag & 7)
        {
            case ProtoCursor.BytesType when _field == TensorContents.Bytes:
                var text = cursor.Bytes();
                target.SetString(Next(), text);
                break;
            case ProtoCursor.BytesType when _field is TensorContents.FP32 or TensorContents.FP64:
                CopyFloats(cursor.Bytes());
                break;
            case ProtoCursor.BytesType:
                ReadIntegers(cursor.Bytes());
                break;
            case ProtoCursor.VarintType when _field is not (TensorContents.FP32 or TensorContents.FP64 or TensorContents.Bytes):
                var start = cursor;
                cursor.Varint();
                ReadIntegers(start.Until(cursor));
                break;
            case ProtoCursor.Fixed32Type when _field == TensorContents.FP32:
                target.Elements<uint>()[Next()] = cursor.Fixed32();
                break;
            case ProtoCursor.Fixed64Type when _field == TensorContents.FP64:
                target.Elements<ulong>()[Next()] = cursor.Fixed64();
                break;
            default:
                cursor.Skip(tag);
                break;
        }
    }

    private int Next() => _at < target.Count ? _at++ : throw WrongCount("more");

    private void CopyFloats(ReadOnlySpan<byte> packed)
    {
        var size = spec.Datatype.Size();
        if (packed.Length % size != 0)
        {
            throw ServingException.Invalid($"Input {spec}: '{TensorContents.Name(_field)}' ends inside an element.");
        }

        var room = target.Bytes[(_at * size)..];
        if (packed.Length > room.Length)
        {
            throw WrongCount("more");
        }

        packed.CopyTo(room);
        _at += packed.Length / size;
    }

    private void ReadIntegers(ReadOnlySpan<byte> packed)
    {
        switch (spec.Datatype)
        {
            case Datatype.Bool: ReadBools(packed); break;
            case Datatype.Int8: Read<sbyte>(packed); break;
            case Datatype.Int16: Read<short>(packed); break;
            case Datatype.Int32: Read<int>(packed); break;
            case Datatype.Int64: Read<long>(packed); break;
            case Datatype.UInt8: Read<byte>(packed); break;
            case Datatype.UInt16: Read<ushort>(packed); break;
            case Datatype.UInt32: Read<uint>(packed); break;
            case Datatype.UInt64: Read<ulong>(packed); break;
            default: throw new InvalidOperationException($"{spec} holds no integers.");
        }
    }

    private void ReadBools(ReadOnlySpan<byte> packed)
    {
        var elements = target.Bytes;
        var cursor = new ProtoCursor(packed);
        while (!cursor.IsAtEnd)
        {
            elements[Next()] = (byte)(cursor.Varint() != 0 ? 1 : 0);
        }
    }

    private void Read<T>(ReadOnlySpan<byte> packed) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var elements = MemoryMarshal.Cast<byte, T>(target.Bytes);
        var cursor = new ProtoCursor(packed);
        while (!cursor.IsAtEnd)
        {
            var varint = cursor.Varint();
            // The format has parsers of 32-bit fields drop the upper half, which is how it sends negative numbers.
            var value = _field switch
            {
                TensorContents.Int => (int)varint,
                TensorContents.UInt => (uint)varint,
                _ => (long)varint,
            };
            var element = T.CreateTruncating(value);
            elements[Next()] = long.CreateTruncating(element) == value ? element : throw OutOfRange<T>(value);
        }
    }

    private readonly ServingException OutOfRange<T>(long value) where T : IMinMaxValue<T> => ServingException.Invalid(string.Create(
        CultureInfo.InvariantCulture, $"Input {spec}: element {_at - 1} must be {T.MinValue} to {T.MaxValue}, got {value}."));

    private readonly ServingException WrongCount(string got) => ServingException.Invalid(string.Create(
        CultureInfo.InvariantCulture,
        $"Input {spec}: the given shape {TensorSpec.Format(target.Shape)} takes {target.Count} elements, '{TensorContents.Name(_field)}' has {got}."));
}
