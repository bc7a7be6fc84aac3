using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.OnnxFiles;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>Reads a tensor of the suite's test data, a serialized TensorProto.</summary>
internal static class TensorFile
{
    /// <exception cref="InvalidDataException">The file holds no tensor that the protocol has a datatype for.</exception>
    public static RawTensor Read(string path)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        var shape = new List<long>();
        var element = 0;
        byte[]? raw = null;
        var numbers = new List<ulong>();
        var wide = Array.Empty<byte>();
        var texts = new ArrayBufferWriter<byte>();
        while (ProtoField.TryRead(ref rest, out var field, out var content, out var value))
        {
            switch (field)
            {
                case 1: AddNumbers(shape, content, value); break;
                case 2: element = (int)value; break;
                case 4 or 10: wide = content.ToArray(); break;
                case 5 or 7 or 11: AddNumbers(numbers, content, value); break;
                case 6: AddText(texts, content); break;
                case 9: raw = content.ToArray(); break;
            }
        }

        if (!Datatypes.TryFrom((TensorElementType)element, out var datatype))
        {
            throw new InvalidDataException($"elements of type {OnnxElements.Name(element)}");
        }

        return new RawTensor(datatype, [.. shape], raw ?? (datatype switch
        {
            Datatype.Bytes => texts.WrittenSpan.ToArray(),
            Datatype.FP32 or Datatype.FP64 => wide,
            _ => Narrow(numbers, datatype.Size()),
        }));
    }

    private static void AddNumbers(List<long> numbers, ReadOnlySpan<byte> packed, ulong single)
    {
        var read = new List<ulong>();
        AddNumbers(read, packed, single);
        numbers.AddRange(read.Select(number => (long)number));
    }

    private static void AddNumbers(List<ulong> numbers, ReadOnlySpan<byte> packed, ulong single)
    {
        if (packed.IsEmpty)
        {
            numbers.Add(single);
            return;
        }

        while (ProtoField.TryVarint(ref packed, out var number))
        {
            numbers.Add(number);
        }
    }

    private static void AddText(ArrayBufferWriter<byte> texts, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(texts.GetSpan(4), (uint)text.Length);
        texts.Advance(4);
        texts.Write(text);
    }

    private static byte[] Narrow(List<ulong> numbers, int size)
    {
        var bytes = new byte[numbers.Count * size];
        var all = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers));
        for (var i = 0; i < numbers.Count; i++)
        {
            all.Slice(i * sizeof(ulong), size).CopyTo(bytes.AsSpan(i * size));
        }

        return bytes;
    }
}
