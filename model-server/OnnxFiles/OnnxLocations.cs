using System.Text;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.OnnxFiles;

/// <summary>
/// Finds the places of external tensors in a serialized ONNX model, by walking just the fields that lead to tensors. What is not
/// well-formed is left to ONNX Runtime to refuse.
/// </summary>
internal static class OnnxLocations
{
    // Graphs nest through attributes of If, Loop and Scan; real models nest a few levels, and protocol buffers end at a hundred messages.
    private const int Deepest = 100;

    private enum Message
    {
        Model, Graph, Node, Attribute, Tensor, SparseTensor, Function, Training, Entry,
    }

    /// <exception cref="ModelRejectedException">It nests too deep to be looked through.</exception>
    public static IReadOnlyList<string> Find(ReadOnlySpan<byte> model)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        Walk(model, Message.Model, 0, found);
        return [.. found];
    }

    /// <summary>The kind of message in a field of a message; null for one that leads to no tensor.</summary>
    private static Message? Child(Message parent, ulong field) => (parent, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 20) => Message.Training,
        (Message.Model, 25) => Message.Function,
        (Message.Graph, 1) or (Message.Function, 7) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 15) => Message.SparseTensor,
        (Message.Node, 5) or (Message.Function, 11) => Message.Attribute,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Attribute, 22 or 23) => Message.SparseTensor,
        (Message.SparseTensor, 1 or 2) => Message.Tensor,
        (Message.Training, 1 or 2) => Message.Graph,
        (Message.Tensor, 13) => Message.Entry,
        _ => null,
    };

    private static void Walk(scoped ReadOnlySpan<byte> message, Message kind, int depth, SortedSet<string> found)
    {
        if (depth > Deepest)
        {
            throw new ModelRejectedException($"The model nests its graphs deeper than {Deepest} messages; export it with fewer levels.");
        }

        scoped ReadOnlySpan<byte> key = default;
        scoped ReadOnlySpan<byte> value = default;
        while (ProtoField.TryRead(ref message, out var field, out var content))
        {
            if (kind == Message.Entry)
            {
                key = field == 1 ? content : key;
                value = field == 2 ? content : value;
            }
            else if (Child(kind, field) is { } child)
            {
                Walk(content, child, depth + 1, found);
            }
        }

        if (key.SequenceEqual("location"u8))
        {
            found.Add(Encoding.UTF8.GetString(value));
        }
    }
}
