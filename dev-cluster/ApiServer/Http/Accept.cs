using System.Globalization;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>The form in which an object is answered.</summary>
internal enum AnswerShape
{
    Plain,
    Table,
    PartialMetadata,
    PartialMetadataList,
}

/// <summary>What was agreed on with the client: the encoding and the shape, and the version of meta.k8s.io for shapes other than plain.</summary>
internal sealed record AnswerFormat(bool Yaml, AnswerShape Shape, string MetaVersion)
{
    public static AnswerFormat Json { get; } = new(false, AnswerShape.Plain, "v1");

    public string ContentType => Yaml ? "application/yaml" : "application/json";
}

/// <summary>The outcome of reading an Accept header.</summary>
/// <param name="Format">Null when nothing that the client takes can be given.</param>
/// <param name="KnowsMediaType">True when at least the media type was one of ours.</param>
internal readonly record struct AcceptResult(AnswerFormat? Format, bool KnowsMediaType);

/// <summary>Reads Accept headers.</summary>
internal static class Accept
{
    public static AcceptResult Negotiate(string header)
    {
        if (header.Trim().Length == 0)
        {
            return new AcceptResult(AnswerFormat.Json, true);
        }

        var known = false;
        foreach (var clause in header.Split(',').Select(Clause.Parse).OrderByDescending(c => c.Quality))
        {
            if (IsYaml(clause.MediaType) is not { } yaml)
            {
                continue;
            }

            known = true;
            if (Shape(clause) is { } shape)
            {
                return new AcceptResult(new AnswerFormat(yaml, shape, clause.Parameters.GetValueOrDefault("v", "v1")), true);
            }
        }

        return new AcceptResult(null, known);
    }

    private static bool? IsYaml(string mediaType) => mediaType switch
    {
        "application/json" or "application/*" or "*/*" => false,
        "application/yaml" => true,
        _ => null,
    };

    /// <summary>Null for a shape, group or version that is not ours.</summary>
    private static AnswerShape? Shape(Clause clause)
    {
        if (!clause.Parameters.TryGetValue("as", out var kind))
        {
            return AnswerShape.Plain;
        }

        if (clause.Parameters.GetValueOrDefault("g") != "meta.k8s.io" || clause.Parameters.GetValueOrDefault("v") is not ("v1" or "v1beta1"))
        {
            return null;
        }

        return kind switch
        {
            "Table" => AnswerShape.Table,
            "PartialObjectMetadata" => AnswerShape.PartialMetadata,
            "PartialObjectMetadataList" => AnswerShape.PartialMetadataList,
            _ => null,
        };
    }

    private sealed record Clause(string MediaType, double Quality, IReadOnlyDictionary<string, string> Parameters)
    {
        public static Clause Parse(string text)
        {
            var parts = text.Split(';', StringSplitOptions.TrimEntries);
            var parameters = parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
                .DistinctBy(p => p[0]).ToDictionary(p => p[0].Trim(), p => p[1].Trim());
            var quality = parameters.TryGetValue("q", out var q)
                && double.TryParse(q, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 1;
            return new Clause(parts[0].ToLowerInvariant(), quality, parameters);
        }
    }
}
