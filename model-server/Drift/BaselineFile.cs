using System.Globalization;
using System.Text.Json;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Drift;

/// <summary>Reads and writes a version's <c>baseline.json</c>. What can be said without the model is checked here, all faults at once.</summary>
internal static class BaselineFile
{
    public const string FileName = "baseline.json";

    private const long MostBytes = 16 << 20;

    /// <param name="folder">The version's.</param>
    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="ModelRejectedException">The file is wrong; the message has a line for each fault.</exception>
    public static Baseline? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Read(path, FileName) : null;
    }

    /// <param name="name">What messages call the file.</param>
    /// <exception cref="ModelRejectedException">The file is wrong; the message has a line for each fault.</exception>
    public static Baseline Read(string path, string name)
    {
        var length = new FileInfo(path).Length;
        if (length > MostBytes)
        {
            throw Rejected([$"is {length} bytes long; at most {MostBytes} are read"], name);
        }

        var errors = new List<string>();
        var baseline = Parse(File.ReadAllBytes(path), errors);
        return errors.Count > 0 ? throw Rejected(errors, name) : baseline!;
    }

    public static void Write(string path, Baseline baseline)
    {
        using var file = File.Create(path);
        JsonSerializer.Serialize(file, baseline, BaselineJson.Default.Baseline);
    }

    /// <summary>One message for all faults.</summary>
    public static ModelRejectedException Rejected(IReadOnlyList<string> errors, string name = FileName) => new(
        $"{name} {(errors.Count == 1 ? "is wrong" : string.Create(CultureInfo.InvariantCulture, $"has {errors.Count} faults"))}; write it with slipway-server baseline and upload a new version:\n{string.Join('\n', errors.Select(error => $"  {error}"))}");

    /// <returns>Null when nothing could be read; <paramref name="errors"/> grows by what is wrong.</returns>
    public static Baseline? Parse(ReadOnlySpan<byte> json, List<string> errors)
    {
        Baseline? baseline;
        try
        {
            baseline = JsonSerializer.Deserialize(json, BaselineJson.Default.Baseline);
        }
        catch (JsonException exception)
        {
            errors.Add($"is no baseline: {exception.Message}");
            return null;
        }

        if (baseline is null || baseline.Inputs.Contains(null!) || baseline.Outputs.Contains(null!))
        {
            errors.Add("holds null where a baseline or a feature belongs");
            return null;
        }

        if (baseline.Format != BaselineBounds.Format)
        {
            errors.Add($"format: is {baseline.Format}; this server reads {BaselineBounds.Format}");
            return null;
        }

        Check(baseline, errors);
        return baseline;
    }

    private static void Check(Baseline baseline, List<string> errors)
    {
        if (baseline.Rows < 1)
        {
            errors.Add($"rows: is {baseline.Rows}; must be at least 1");
        }

        var features = baseline.Inputs.Count + baseline.Outputs.Count;
        if (features is 0 or > BaselineBounds.MostFeatures)
        {
            errors.Add($"inputs and outputs: hold {features} features; must be 1 to {BaselineBounds.MostFeatures}");
        }

        Check("inputs", baseline.Inputs, errors);
        Check("outputs", baseline.Outputs, errors);
        foreach (var input in baseline.Inputs.Where(input => input.Name.StartsWith(BaselineBounds.OutputPrefix, StringComparison.Ordinal)))
        {
            errors.Add($"inputs: {Quote.Of(input.Name)} begins with '{BaselineBounds.OutputPrefix}', which marks outputs in metrics");
        }
    }

    private static void Check(string list, IReadOnlyList<BaselineFeature> features, List<string> errors)
    {
        foreach (var twice in features.CountBy(feature => feature.Name).Where(name => name.Value > 1))
        {
            errors.Add($"{list}: {Quote.Of(twice.Key)} is there {twice.Value} times");
        }

        for (var i = 0; i < features.Count; i++)
        {
            foreach (var fault in Faults(features[i]))
            {
                errors.Add($"{list}[{i}].{fault}");
            }
        }
    }

    private static IEnumerable<string> Faults(BaselineFeature feature)
    {
        if (feature.Name.Length is 0 or > BaselineBounds.LongestName)
        {
            yield return $"name: has {feature.Name.Length} characters; must have 1 to {BaselineBounds.LongestName}";
        }

        if (feature.Tensor.Length == 0)
        {
            yield return "tensor: is empty";
        }

        if (feature.Column < 0)
        {
            yield return $"column: is {feature.Column}; must be 0 or more";
        }

        if ((feature.Measure == FeatureMeasure.CentroidCosine) != feature.Centroid is { Count: > 0 and <= BaselineBounds.LongestCentroid })
        {
            yield return $"centroid: belongs to measure centroidCosine alone, with 1 to {BaselineBounds.LongestCentroid} numbers";
        }

        if (feature.Seasonality is { } season && !GoDuration.TryParse(season, out _))
        {
            yield return $"seasonality: {Quote.Of(season)} is no duration such as 24h";
        }

        if (BinFault(feature) is { } fault)
        {
            yield return fault;
        }
        else if (feature.Ratios.Count != feature.Bins().Count)
        {
            yield return $"ratios: has {feature.Ratios.Count} numbers; the feature has {feature.Bins().Count} bins";
        }
        else if (feature.Ratios.Any(ratio => ratio is not (>= 0 and <= 1)) || Math.Abs(feature.Ratios.Sum() - 1) > BaselineBounds.SumTolerance)
        {
            yield return "ratios: must be shares from 0 to 1, and 1 together";
        }
    }

    private static string? BinFault(BaselineFeature feature) => (feature.Kind, feature.Edges, feature.Categories) switch
    {
        (FeatureKind.Numeric, { Count: >= 1 and <= BaselineBounds.MostEdges } edges, null) =>
            edges.All(double.IsFinite) && edges.Zip(edges.Skip(1)).All(pair => pair.First < pair.Second) ? null : "edges: must be finite and ascending, none twice",
        (FeatureKind.Numeric, _, _) => $"edges: a numeric feature has 1 to {BaselineBounds.MostEdges} of them, and no categories",
        (FeatureKind.Categorical, null, { Count: >= 1 and <= BaselineBounds.MostCategories } categories) =>
            categories.All(category => category.Length is > 0 and <= BaselineBounds.LongestName) && categories.Distinct(StringComparer.Ordinal).Count() == categories.Count
                ? null
                : $"categories: must be different words of 1 to {BaselineBounds.LongestName} characters",
        _ => $"categories: a categorical feature has 1 to {BaselineBounds.MostCategories} of them, and no edges",
    };
}
