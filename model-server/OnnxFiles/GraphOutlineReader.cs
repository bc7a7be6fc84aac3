using System.Text;

namespace Slipway.ModelServer.OnnxFiles;

/// <summary>Reads a <see cref="GraphOutline"/> from a serialized model. What is not well-formed is left to ONNX Runtime to refuse.</summary>
internal static class GraphOutlineReader
{
    private const ulong ModelGraph = 7;
    private const ulong GraphNode = 1;
    private const ulong GraphInitializer = 5;
    private const ulong GraphInput = 11;
    private const ulong GraphOutput = 12;
    private const ulong TensorName = 8;

    public static GraphOutline Read(ReadOnlySpan<byte> model)
    {
        var inputs = new List<OutlinedValue>();
        var outputs = new List<OutlinedValue>();
        var constants = new HashSet<string>(StringComparer.Ordinal);
        var zipMaps = new Dictionary<string, ZipMapKeys>(StringComparer.Ordinal);
        while (ProtoField.TryRead(ref model, out var field, out var content))
        {
            if (field == ModelGraph)
            {
                ReadGraph(content, inputs, outputs, constants, zipMaps);
            }
        }

        return new GraphOutline([.. inputs.Where(input => !constants.Contains(input.Name))], outputs, zipMaps);
    }

    private static void ReadGraph(
        ReadOnlySpan<byte> graph, List<OutlinedValue> inputs, List<OutlinedValue> outputs, HashSet<string> constants, Dictionary<string, ZipMapKeys> zipMaps)
    {
        while (ProtoField.TryRead(ref graph, out var field, out var content))
        {
            switch (field)
            {
                case GraphNode: ZipMapReader.Read(content, zipMaps); break;
                case GraphInitializer: constants.Add(Name(content, TensorName)); break;
                case GraphInput: inputs.Add(ReadValue(content)); break;
                case GraphOutput: outputs.Add(ReadValue(content)); break;
            }
        }
    }

    private static string Name(ReadOnlySpan<byte> message, ulong nameField)
    {
        var name = "";
        while (ProtoField.TryRead(ref message, out var field, out var content))
        {
            name = field == nameField ? Encoding.UTF8.GetString(content) : name;
        }

        return name;
    }

    private static OutlinedValue ReadValue(ReadOnlySpan<byte> value)
    {
        var read = new OutlinedValue("", OutlinedKind.Unstated, 0);
        while (ProtoField.TryRead(ref value, out var field, out var content))
        {
            switch (field)
            {
                case 1:
                    read = read with { Name = Encoding.UTF8.GetString(content) };
                    break;
                case 2:
                    var (kind, element) = ReadType(content);
                    read = read with { Kind = kind, ElementType = element };
                    break;
            }
        }

        return read;
    }

    private static (OutlinedKind Kind, int ElementType) ReadType(ReadOnlySpan<byte> type)
    {
        while (ProtoField.TryRead(ref type, out var field, out var content))
        {
            switch (field)
            {
                case 1: return (OutlinedKind.Tensor, ReadElementType(content));
                case 4: return (HoldsMaps(content) ? OutlinedKind.SequenceOfMaps : OutlinedKind.Sequence, 0);
                case 5: return (OutlinedKind.Map, 0);
                case 8: return (OutlinedKind.SparseTensor, 0);
                case 9: return (OutlinedKind.Optional, 0);
            }
        }

        return (OutlinedKind.Unstated, 0);
    }

    // Looks one level down and no further, however deep the file nests its types.
    private static bool HoldsMaps(ReadOnlySpan<byte> sequence)
    {
        while (ProtoField.TryRead(ref sequence, out var field, out var element))
        {
            if (field == 1)
            {
                return ProtoField.TryRead(ref element, out var kind, out _) && kind == 5;
            }
        }

        return false;
    }

    private static int ReadElementType(ReadOnlySpan<byte> tensor)
    {
        var element = 0;
        while (ProtoField.TryRead(ref tensor, out var field, out _, out var value))
        {
            element = field == 1 && value < int.MaxValue ? (int)value : element;
        }

        return element;
    }
}
