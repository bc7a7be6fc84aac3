using System.Text;
using Slipway.ModelServer.Baselines.Data;

namespace Slipway.ModelServer.Tests.Baselines.Data;

/// <summary>A file of training data in a folder of its own, gone with <see cref="Dispose"/>.</summary>
internal sealed class TrainingFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-test-");

    public TrainingFile(string name, byte[] content)
    {
        Path = System.IO.Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(Path, content);
    }

    public TrainingFile(string name, string content)
        : this(name, Encoding.UTF8.GetBytes(content))
    {
    }

    public string Path { get; }

    public string Folder => _folder.FullName;

    /// <summary>All rows, each cell as messages show it.</summary>
    public async Task<(List<TableColumn> Columns, List<string[]> Rows, List<string> Places)> ReadAsync(params string[] wanted)
    {
        await using var reader = await RowReaders.OpenAsync(Path, wanted.ToHashSet(), CancellationToken.None);
        var (rows, places) = (new List<string[]>(), new List<string>());
        while (await reader.ReadAsync(CancellationToken.None))
        {
            rows.Add(Array.ConvertAll(reader.Row.ToArray(), cell => cell.Kind == CellKind.Vector ? $"[{string.Join(",", cell.Vector.ToArray())}]" : cell.ToString()));
            places.Add(reader.Place);
            reader.Share.Should().BeInRange(0, 1);
        }

        reader.Share.Should().Be(1);
        return ([.. reader.Columns], rows, places);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
