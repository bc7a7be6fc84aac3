using System.Globalization;
using System.IO.Compression;

namespace Slipway.ModelServer.Tests.Samples;

/// <summary>The files of <c>samples/fraud-detection</c>, read as a user would find them.</summary>
internal static class FraudDetectionSample
{
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "samples", "fraud-detection");

    public static string VersionFolder(string version) => Path.Combine(Folder, "models", "fraud-detector", version);

    public static string ReadText(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>Rows of transactions that no model was trained on, and the truth about each: 1 is fraud.</summary>
    public static (string[] Features, float[][] Rows, int[] Labels) HeldOut()
    {
        var (header, rows) = ReadCsv("data/held-out.csv.gz");
        return (header[..^1], [.. rows.Select(row => row[..^1])], [.. rows.Select(row => (int)row[^1])]);
    }

    /// <summary>The probability of fraud that scikit-learn computed for each held-out row.</summary>
    public static float[] ReferenceScores(string version)
    {
        var (header, rows) = ReadCsv("data/scores.csv.gz");
        var column = Array.IndexOf(header, version);
        return [.. rows.Select(row => row[column])];
    }

    /// <summary>The cells of each row of the README's tables whose first cell is <paramref name="first"/>.</summary>
    public static IEnumerable<string[]> TableRows(Func<string, bool> first) =>
        ReadText("README.md").Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => first(cells[0]));

    private static (string[] Header, float[][] Rows) ReadCsv(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(Folder, file)), CompressionMode.Decompress));
        var header = reader.ReadLine()!.Split(',');
        var rows = new List<float[]>();
        while (reader.ReadLine() is { } line)
        {
            rows.Add([.. line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))]);
        }

        return (header, [.. rows]);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Operator.sln.");
        }

        return folder.FullName;
    }
}
