using System.Buffers;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>
/// One ModelInferResponse: measured when made, then written from the model's own memory straight to the connection. Valid as long as the
/// result and the id's memory are.
/// </summary>
internal readonly struct InferMessageWriter
{
    private const long MostBytes = int.MaxValue - 64;
    private const int ModelName = 1;
    private const int ModelVersion = 2;
    private const int RequestId = 3;
    private const int Output = 5;
    private const int RawOutput = 6;
    private const int TensorName = 1;
    private const int TensorDatatype = 2;
    private const int TensorShape = 3;
    private const int TensorParameters = 4;
    private const int TensorContentsField = 5;

    private readonly ModelVersion _target;
    private readonly ReadOnlyMemory<byte> _id;
    private readonly Part[] _parts;
    private readonly bool _raw;

    /// <exception cref="ServingException">The message would be larger than gRPC's implementations take.</exception>
    /// <param name="raw">Whether the client reads raw contents; it gets them in any case when an output has no typed form.</param>
    public InferMessageWriter(ModelVersion target, ReadOnlyMemory<byte> id, InferResult result, bool raw)
    {
        _target = target;
        _id = id;
        _parts = new Part[result.Count];
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i].Tensor = result.Output(i);
            raw |= TensorContents.Field(_parts[i].Tensor.Spec.Datatype) == 0;
        }

        _raw = raw;
        Size = ProtoOut.OptionalSize(target.Utf8Model.Length) + ProtoOut.OptionalSize(target.Utf8Version.Length) + ProtoOut.OptionalSize(id.Length);
        foreach (ref var part in _parts.AsSpan())
        {
            part.Measure(raw);
            Size += ProtoOut.FieldSize(part.HeaderBytes) + (raw ? ProtoOut.FieldSize(part.ElementBytes) : 0);
        }

        if (Size > MostBytes)
        {
            throw new ServingException(ErrorCode.Internal, "The answer is larger than 2 GiB; ask for fewer outputs or send fewer rows.");
        }
    }

    /// <summary>Bytes of the message.</summary>
    public long Size { get; }

    public void Write(IBufferWriter<byte> writer)
    {
        ProtoOut.OptionalBytes(writer, ModelName, _target.Utf8Model);
        ProtoOut.OptionalBytes(writer, ModelVersion, _target.Utf8Version);
        ProtoOut.OptionalBytes(writer, RequestId, _id.Span);
        foreach (ref var part in _parts.AsSpan())
        {
            ProtoOut.Begin(writer, Output, part.HeaderBytes);
            WriteTensor(writer, in part);
        }

        if (_raw)
        {
            foreach (ref var part in _parts.AsSpan())
            {
                ProtoOut.Begin(writer, RawOutput, part.ElementBytes);
                RawElements.Write(writer, part.Tensor);
            }
        }
    }

    private void WriteTensor(IBufferWriter<byte> writer, in Part part)
    {
        ProtoOut.OptionalBytes(writer, TensorName, part.Tensor.Spec.Utf8Name);
        ProtoOut.Bytes(writer, TensorDatatype, part.Tensor.Spec.Datatype.Utf8Name());
        if (part.ShapeBytes > 0)
        {
            ProtoOut.Begin(writer, TensorShape, part.ShapeBytes);
            foreach (var axis in part.Tensor.Shape)
            {
                ProtoOut.Varint(writer, (ulong)axis);
            }
        }

        ColumnsParameter.Write(writer, TensorParameters, part.Tensor.Spec.Utf8ColumnsJson);
        if (!_raw && part.ElementBytes > 0)
        {
            ProtoOut.Begin(writer, TensorContentsField, part.ElementBytes);
            ContentsWriter.Write(writer, part.Tensor);
        }
    }

    private struct Part
    {
        public OutputTensor Tensor;

        public long ShapeBytes { get; private set; }

        // Of the raw entry, or of the content of 'contents'.
        public long ElementBytes { get; private set; }

        // Of the tensor's message, with its 'contents' if it has them.
        public long HeaderBytes { get; private set; }

        public void Measure(bool raw)
        {
            foreach (var axis in Tensor.Shape)
            {
                ShapeBytes += ProtoOut.VarintSize((ulong)axis);
            }

            ElementBytes = raw ? RawElements.Size(Tensor) : ContentsWriter.Size(Tensor);
            HeaderBytes = ProtoOut.OptionalSize(Tensor.Spec.Utf8Name.Length)
                + ProtoOut.FieldSize(Tensor.Spec.Datatype.Utf8Name().Length)
                + ProtoOut.OptionalSize(ShapeBytes)
                + ColumnsParameter.Size(Tensor.Spec.Utf8ColumnsJson)
                + (raw ? 0 : ProtoOut.OptionalSize(ElementBytes));
        }
    }
}
