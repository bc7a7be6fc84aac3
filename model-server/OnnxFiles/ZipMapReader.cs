using System.Text;

namespace Slipway.ModelServer.OnnxFiles;

/// <summary>Reads the keys of scikit-learn's ZipMap nodes, which make one map a row of the row's probabilities.</summary>
internal static class ZipMapReader
{
    /// <summary>Adds the node's output and its keys, when the node is a ZipMap.</summary>
    public static void Read(ReadOnlySpan<byte> node, Dictionary<string, ZipMapKeys> found)
    {
        var isZipMap = false;
        var output = "";
        var strings = new List<string>();
        var numbers = new List<long>();
        while (ProtoField.TryRead(ref node, out var field, out var content))
        {
            switch (field)
            {
                case 2: output = Encoding.UTF8.GetString(content); break;
                case 4: isZipMap = content.SequenceEqual("ZipMap"u8); break;
                case 5: ReadKeys(content, strings, numbers); break;
            }
        }

        if (isZipMap && strings.Count + numbers.Count > 0)
        {
            found[output] = new ZipMapKeys(strings, numbers);
        }
    }

    private static void ReadKeys(ReadOnlySpan<byte> attribute, List<string> strings, List<long> numbers)
    {
        var all = attribute;
        var isKeys = false;
        while (ProtoField.TryRead(ref attribute, out var field, out var content))
        {
            isKeys |= field == 1 && (content.SequenceEqual("classlabels_strings"u8) || content.SequenceEqual("classlabels_int64s"u8));
        }

        while (isKeys && ProtoField.TryRead(ref all, out var field, out var content, out var value))
        {
            switch (field)
            {
                case 9: strings.Add(Encoding.UTF8.GetString(content)); break;
                case 8 when content.IsEmpty: numbers.Add((long)value); break;
                case 8: AddPacked(content, numbers); break;
            }
        }
    }

    private static void AddPacked(ReadOnlySpan<byte> packed, List<long> numbers)
    {
        while (ProtoField.TryVarint(ref packed, out var number))
        {
            numbers.Add((long)number);
        }
    }
}
