using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.DataPlane;

/// <summary>
/// The binary form of a tensor's elements, the same in REST's binary extension and in gRPC's raw contents: row-major, little-endian, BOOL in
/// one byte, each element of BYTES behind its length in four bytes.
/// </summary>
internal static class RawElements
{
    private const int LengthBytes = sizeof(uint);

    /// <summary>Elements that so many bytes can hold at most.</summary>
    public static long MostIn(long bytes, Datatype datatype) => bytes / (datatype == Datatype.Bytes ? LengthBytes : datatype.Size());

    /// <exception cref="ServingException"><paramref name="raw"/> is not what the target's shape takes.</exception>
    public static void Read(ReadOnlySpan<byte> raw, TensorSpec spec, TensorBuffer target)
    {
        if (spec.Datatype == Datatype.Bytes)
        {
            ReadTexts(raw, spec, target);
            return;
        }

        var elements = target.Bytes;
        if (raw.Length != elements.Length)
        {
            throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Input {spec}: the given shape {TensorSpec.Format(target.Shape)} takes {elements.Length} bytes, the binary data has {raw.Length}."));
        }

        if (spec.Datatype == Datatype.Bool && raw.IndexOfAnyExceptInRange((byte)0, (byte)1) is var index and >= 0)
        {
            throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture, $"Input {spec}: element {index} must be a byte of 0 or 1, got {raw[index]}."));
        }

        raw.CopyTo(elements);
    }

    /// <summary>Bytes that <see cref="Write"/> needs.</summary>
    public static long Size(OutputTensor output)
    {
        if (output.Spec.Datatype != Datatype.Bytes)
        {
            return (long)output.Count * output.Spec.Datatype.Size();
        }

        long size = 0;
        for (var i = 0; i < output.Count; i++)
        {
            size += LengthBytes + output.Text(i).Length;
        }

        return size;
    }

    public static void Write(IBufferWriter<byte> writer, OutputTensor output)
    {
        if (output.Spec.Datatype != Datatype.Bytes)
        {
            writer.Write(output.Bytes);
            return;
        }

        for (var i = 0; i < output.Count; i++)
        {
            var text = output.Text(i);
            BinaryPrimitives.WriteUInt32LittleEndian(writer.GetSpan(LengthBytes), (uint)text.Length);
            writer.Advance(LengthBytes);
            writer.Write(text);
        }
    }

    private static void ReadTexts(ReadOnlySpan<byte> raw, TensorSpec spec, TensorBuffer target)
    {
        var rest = raw;
        for (var i = 0; i < target.Count; i++)
        {
            if (rest.Length < LengthBytes || BinaryPrimitives.ReadUInt32LittleEndian(rest) > rest.Length - LengthBytes)
            {
                throw ServingException.Invalid(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Input {spec}: the given shape {TensorSpec.Format(target.Shape)} takes {target.Count} elements, each a length of four bytes and as many bytes; the binary data ends inside element {i}."));
            }

            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest);
            target.SetString(i, rest.Slice(LengthBytes, length));
            rest = rest[(LengthBytes + length)..];
        }

        if (!rest.IsEmpty)
        {
            throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture, $"Input {spec}: {rest.Length} bytes of binary data are left behind the last of {target.Count} elements."));
        }
    }
}
