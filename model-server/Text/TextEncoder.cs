using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Text;

/// <summary>
/// Makes of a call's texts what the graph takes: token numbers, and where the graph asks for them a mask and sentence numbers. Texts of one
/// call are padded to its longest; calls whose longest differ are never run together, since their tensors differ in more than rows.
/// </summary>
internal sealed class TextEncoder(TextTokenizer tokenizer, TextLimits limits, TokenTensors tensors)
{
    private const int MostTextBytes = 1 << 20;

    // Many short texts and a long one would otherwise be filled up to more than any machine has.
    private const long MostTokens = 4 << 20;

    /// <summary>The place of the served input that holds the texts.</summary>
    public int Input => tensors.Text;

    /// <summary>Whether <see cref="InferCall.Tokens"/> is filled. Set before the first request.</summary>
    public bool CountsTokens { get; set; }

    /// <summary>All tokens of a text without its marks, before it is cut, and how many of them the vocabulary does not have.</summary>
    public TokenCount Count(ReadOnlySpan<byte> utf8) => tokenizer.Count(Encoding.UTF8.GetString(utf8));

    /// <exception cref="ServingException">A text is no UTF-8 or too long, or all together are.</exception>
    public void Encode(InferCall call)
    {
        var texts = call.Input(tensors.Text);
        var spec = call.Session.Inputs[tensors.Text];
        var rows = new List<int>[texts.Count];
        var longest = 1;
        var counts = CountsTokens ? call.Tokens : null;
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = Encode(texts.Value.GetStringElementAsSpan(row), row, spec, counts);
            longest = Math.Max(longest, rows[row].Count);
        }

        var length = limits.Padded(longest);
        if ((long)rows.Length * length > MostTokens)
        {
            throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Input {spec}: {rows.Length} texts of {length} tokens each, which is the longest of them, are more than {MostTokens} tokens; send fewer texts at a time."));
        }

        Fill(call, rows, length);
    }

    private List<int> Encode(ReadOnlySpan<byte> utf8, int row, TensorSpec spec, TokenCounts? counts)
    {
        if (utf8.Length > MostTextBytes)
        {
            throw Invalid(spec, row, $"is a text of {utf8.Length} bytes; at most {MostTextBytes} are taken");
        }

        var chars = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            if (Utf8.ToUtf16(utf8, chars, out _, out var length, replaceInvalidSequences: false) != OperationStatus.Done)
            {
                throw Invalid(spec, row, "is no valid UTF-8");
            }

            var ids = tokenizer.Encode(chars.AsSpan(0, length), limits.MaxLength, out var isCut, counts);
            return isCut && !limits.Truncate
                ? throw Invalid(spec, row, $"has more than the {limits.MaxLength} tokens that this model reads, {tokenizer.Marks} of them its marks; send a shorter text")
                : ids;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private void Fill(InferCall call, List<int>[] rows, int length)
    {
        Span<long> shape = [rows.Length, length];
        var count = rows.Length * length;
        var ids = new TokenWriter(call, tensors.Ids, shape, count);
        for (var row = 0; row < rows.Length; row++)
        {
            ids.Row(row, length, rows[row], tokenizer.Pad);
        }

        if (tensors.Mask is { } mask)
        {
            var writer = new TokenWriter(call, mask, shape, count);
            for (var row = 0; row < rows.Length; row++)
            {
                writer.Row(row, length, ones: rows[row].Count);
            }
        }

        if (tensors.Types is { } types)
        {
            call.PrepareGraph(types, shape, count).Bytes.Clear();
        }
    }

    private static ServingException Invalid(TensorSpec spec, int row, string what) =>
        ServingException.Invalid(string.Create(CultureInfo.InvariantCulture, $"Input {spec}: element {row} {what}."));
}

/// <summary>Where a text comes from and goes to: the served input, and the graph's inputs by their place; null where the graph has none.</summary>
internal sealed record TokenTensors(int Text, int Ids, int? Mask, int? Types);
