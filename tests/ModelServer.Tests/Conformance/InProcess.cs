using System.Buffers;
using System.Buffers.Binary;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>A model run by ONNX Runtime itself with nothing of the server's around it, but with the server's options: what answers are held against.</summary>
internal sealed class InProcess : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <exception cref="OnnxRuntimeException">The runtime or its binding refuses the model.</exception>
    public InProcess(string modelFile)
    {
        OnnxRuntimeEnvironment.Initialize();
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        _session = new InferenceSession(modelFile, options);
    }

    public IReadOnlyList<string> Inputs => _session.InputNames;

    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <returns>Null when the protocol's datatypes can express all inputs and outputs, else which they cannot.</returns>
    public string? WhyNotExpressible() =>
        _session.InputMetadata.Select(node => WhyNot("input", node)).Concat(_session.OutputMetadata.Select(node => WhyNot("output", node)))
            .FirstOrDefault(reason => reason is not null);

    public IReadOnlyList<RawTensor> Run(IReadOnlyList<RawTensor> inputs)
    {
        var values = inputs.Select(Value).ToList();
        try
        {
            using var outputs = _session.Run(_options, _session.InputNames, values, _session.OutputNames);
            return [.. outputs.Select(Read)];
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    private static string? WhyNot(string side, KeyValuePair<string, NodeMetadata> node) => node.Value switch
    {
        { OnnxValueType: not OnnxValueType.ONNX_TYPE_TENSOR } => $"{side} {node.Key} is {node.Value.OnnxValueType}",
        { ElementDataType: var element } when !Datatypes.TryFrom(element, out _) => $"{side} {node.Key} has elements {element}",
        _ => null,
    };

    private static OrtValue Value(RawTensor tensor)
    {
        if (tensor.Datatype != Datatype.Bytes)
        {
            var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, tensor.Datatype.Element(), tensor.Shape);
            if (tensor.Bytes.Length > 0)
            {
                tensor.Bytes.CopyTo(value.GetTensorMutableRawData());
            }

            return value;
        }

        var texts = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, tensor.Shape);
        ReadOnlySpan<byte> rest = tensor.Bytes;
        for (var i = 0; !rest.IsEmpty; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            texts.StringTensorSetElementAt(rest.Slice(4, length), i);
            rest = rest[(4 + length)..];
        }

        return texts;
    }

    private static RawTensor Read(OrtValue value)
    {
        var type = value.GetTensorTypeAndShape();
        if (!Datatypes.TryFrom(type.ElementDataType, out var datatype))
        {
            throw new InvalidDataException($"an output of type {type.ElementDataType}");
        }

        if (type.ElementCount == 0)
        {
            return new RawTensor(datatype, type.Shape, []);
        }

        return new RawTensor(datatype, type.Shape, datatype == Datatype.Bytes ? Texts(value, (int)type.ElementCount) : value.GetTensorMutableRawData().ToArray());
    }

    private static byte[] Texts(OrtValue value, int count)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (var i = 0; i < count; i++)
        {
            var text = value.GetStringElementAsSpan(i);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(4), text.Length);
            bytes.Advance(4);
            bytes.Write(text);
        }

        return bytes.WrittenSpan.ToArray();
    }
}
