using System.Globalization;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>Reads the tensors of a ModelInferRequest into a call, from the message's own bytes straight into the model's memory.</summary>
internal static class InferMessageReader
{
    public const uint Input = (5 << 3) | ProtoCursor.BytesType;
    public const uint Output = (6 << 3) | ProtoCursor.BytesType;
    public const uint RawInput = (7 << 3) | ProtoCursor.BytesType;

    private const uint TensorName = (1 << 3) | ProtoCursor.BytesType;
    private const uint Datatype = (2 << 3) | ProtoCursor.BytesType;
    private const uint PackedShape = (3 << 3) | ProtoCursor.BytesType;
    private const uint ShapeAxis = (3 << 3) | ProtoCursor.VarintType;
    private const uint Contents = (5 << 3) | ProtoCursor.BytesType;

    /// <exception cref="ServingException">The message is not what this model takes.</exception>
    public static void Read(ReadOnlySpan<byte> message, in InferHead head, InferCall call, RequestLimits limits)
    {
        if (head.Inputs > limits.Tensors || head.Outputs > limits.Tensors)
        {
            throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"'{(head.Inputs > limits.Tensors ? "inputs" : "outputs")}' has more than {limits.Tensors} entries, the most that this server takes."));
        }

        if (head.Raws > 0 && head.Raws != head.Inputs)
        {
            throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"'raw_input_contents' has {head.Raws} entries and 'inputs' has {head.Inputs}; when it is used it must have one entry for every input."));
        }

        var fields = new ProtoCursor(message);
        var raws = new ProtoCursor(message);
        List<int>? wanted = null;
        while (fields.TryTag(out var tag))
        {
            switch (tag)
            {
                case Input when head.Raws > 0: ReadInput(fields.Bytes(), call, limits, usesRaw: true, NextRaw(ref raws)); break;
                case Input: ReadInput(fields.Bytes(), call, limits, usesRaw: false, default); break;
                case Output: ReadOutput(fields.Bytes(), call.Session, wanted ??= []); break;
                default: fields.Skip(tag); break;
            }
        }

        if (wanted is not null)
        {
            call.Want(wanted);
        }

        TensorLookup.RequireAll(call);
    }

    private static ReadOnlySpan<byte> NextRaw(ref ProtoCursor raws)
    {
        while (raws.TryTag(out var tag) && tag != RawInput)
        {
            raws.Skip(tag);
        }

        return raws.Bytes();
    }

    private static void ReadInput(ReadOnlySpan<byte> tensor, InferCall call, RequestLimits limits, bool usesRaw, ReadOnlySpan<byte> raw)
    {
        ReadOnlySpan<byte> name = default, datatype = default;
        Span<long> axes = stackalloc long[InputRoom.MostAxes];
        var rank = 0;
        var contentsBytes = -1L;
        var cursor = new ProtoCursor(tensor);
        while (cursor.TryTag(out var tag))
        {
            switch (tag)
            {
                case TensorName: name = cursor.Bytes(); break;
                case Datatype: datatype = cursor.Bytes(); break;
                case ShapeAxis: AddAxis(axes, ref rank, cursor.Varint(), name); break;
                case PackedShape: ReadShape(cursor.Bytes(), axes, ref rank, name); break;
                case Contents: contentsBytes = Math.Max(0, contentsBytes) + cursor.Bytes().Length; break;
                default: cursor.Skip(tag); break;
            }
        }

        var input = TensorLookup.Find(name, "input", call.Session.Inputs);
        var spec = call.Session.Inputs[input];
        if (usesRaw)
        {
            if (contentsBytes >= 0)
            {
                throw ServingException.Invalid($"Input {spec} has 'contents' although 'raw_input_contents' is used; send every input in one of the two ways.");
            }

            var mostRaw = RawElements.MostIn(raw.Length, spec.Datatype);
            RawElements.Read(raw, spec, InputRoom.Prepare(call, input, datatype, axes[..rank], mostRaw, limits));
            return;
        }

        if (contentsBytes < 0 && !axes[..rank].Contains(0))
        {
            throw ServingException.Invalid($"Input {spec} has no elements; send them in its 'contents' or all inputs' in 'raw_input_contents'.");
        }

        var most = TensorContents.MostIn(Math.Max(0, contentsBytes), spec);
        ReadContents(tensor, spec, InputRoom.Prepare(call, input, datatype, axes[..rank], most, limits));
    }

    private static void ReadContents(ReadOnlySpan<byte> tensor, TensorSpec spec, TensorBuffer target)
    {
        var reader = new ContentsReader(spec, target);
        var cursor = new ProtoCursor(tensor);
        while (cursor.TryTag(out var tag))
        {
            if (tag == Contents)
            {
                // A message that comes in pieces is their sum, as the format wants it.
                reader.Read(cursor.Bytes());
            }
            else
            {
                cursor.Skip(tag);
            }
        }

        reader.RequireFull();
    }

    private static void ReadShape(ReadOnlySpan<byte> packed, Span<long> axes, ref int rank, ReadOnlySpan<byte> name)
    {
        var cursor = new ProtoCursor(packed);
        while (!cursor.IsAtEnd)
        {
            AddAxis(axes, ref rank, cursor.Varint(), name);
        }
    }

    private static void AddAxis(Span<long> axes, ref int rank, ulong axis, ReadOnlySpan<byte> name)
    {
        if (rank == axes.Length)
        {
            throw ServingException.Invalid($"Input {Quote.Of(name)}: 'shape' has more than {InputRoom.MostAxes} axes.");
        }

        axes[rank++] = axis <= long.MaxValue ? (long)axis : throw ServingException.Invalid(string.Create(
            CultureInfo.InvariantCulture, $"Input {Quote.Of(name)}: 'shape' must hold whole numbers of at least 0, got {(long)axis}."));
    }

    private static void ReadOutput(ReadOnlySpan<byte> output, ModelSession session, List<int> wanted)
    {
        ReadOnlySpan<byte> name = default;
        var cursor = new ProtoCursor(output);
        while (cursor.TryTag(out var tag))
        {
            if (tag == TensorName)
            {
                name = cursor.Bytes();
            }
            else
            {
                cursor.Skip(tag);
            }
        }

        var index = TensorLookup.Find(name, "output", session.Outputs);
        if (wanted.Contains(index))
        {
            throw ServingException.Invalid($"'outputs' names {session.Outputs[index]} twice.");
        }

        wanted.Add(index);
    }
}
