using System.Globalization;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>ONNX's backend tests of single operators, as Debian packs them: a folder each with a model and runs of it.</summary>
internal static class NodeTests
{
    private static readonly string Root = Path.Combine(Tools.Folder("onnx-tests"), "usr/share/libonnx-testdata/data/node");

    public static IReadOnlyList<string> Names() => [.. Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    public static ConformanceCase Read(string name)
    {
        var folder = Path.Combine(Root, name);
        var sets = Directory.GetDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal);
        return new ConformanceCase(name, Path.Combine(folder, "model.onnx"), [.. sets.Select(set => new ConformanceSet(Tensors(set, "input"), Tensors(set, "output")))]);
    }

    private static RawTensor[] Tensors(string set, string side) =>
        [.. Directory.GetFiles(set, $"{side}_*.pb").OrderBy(file => Number(file, side)).Select(TensorFile.Read)];

    private static int Number(string file, string side) =>
        int.Parse(Path.GetFileNameWithoutExtension(file)[(side.Length + 1)..], CultureInfo.InvariantCulture);
}
