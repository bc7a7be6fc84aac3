using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Slipway.ModelServer.OnnxFiles;

namespace Slipway.ModelServer.Inference.Outputs;

/// <summary>The keys that every map of an output has, in the order of its columns: numbers by value, texts byte by byte, which is how the runtime gives them.</summary>
internal sealed class MapColumns
{
    private readonly long[] _numbers;
    private readonly byte[][] _texts;

    private MapColumns(long[] numbers, byte[][] texts)
    {
        _numbers = numbers;
        _texts = texts;
        Names = texts.Length > 0
            ? [.. texts.Select(System.Text.Encoding.UTF8.GetString)]
            : [.. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))];
    }

    public IReadOnlyList<string> Names { get; }

    public static MapColumns Of(ZipMapKeys keys) =>
        new([.. keys.Numbers.Distinct().Order()], Sorted(keys.Strings.Select(System.Text.Encoding.UTF8.GetBytes)));

    /// <param name="keys">The keys of one map.</param>
    public static MapColumns Of(OrtValue keys) => IsText(keys, out var count)
        ? new([], Sorted(Enumerable.Range(0, count).Select(i => keys.GetStringElementAsSpan(i).ToArray())))
        : new([.. keys.GetTensorDataAsSpan<long>().ToArray().Order()], []);

    /// <summary>Whether a map has these keys, in this order.</summary>
    public bool Fit(OrtValue keys)
    {
        if (!IsText(keys, out var count))
        {
            return _texts.Length == 0 && keys.GetTensorDataAsSpan<long>().SequenceEqual(_numbers);
        }

        if (count != _texts.Length)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            if (!keys.GetStringElementAsSpan(i).SequenceEqual(_texts[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the keys are texts, and how many there are.</summary>
    public static bool IsText(OrtValue keys, out int count)
    {
        var type = keys.GetTensorTypeAndShape();
        count = checked((int)type.ElementCount);
        return type.ElementDataType == TensorElementType.String;
    }

    private static byte[][] Sorted(IEnumerable<byte[]> texts)
    {
        var sorted = texts.ToList();
        sorted.Sort(static (one, other) => one.AsSpan().SequenceCompareTo(other));
        return [.. sorted.Where((text, i) => i == 0 || !text.AsSpan().SequenceEqual(sorted[i - 1]))];
    }
}
