using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.DevCluster.Tests.Contract.Recording;

/// <summary>
/// A value in a request that came out of an earlier answer: it stands at <paramref name="Target"/> (<c>path</c>, or <c>body/…</c>), read
/// <paramref name="Value"/> in the recording, and is found again at <paramref name="SourcePath"/> of the body of step <paramref name="SourceStep"/>.
/// </summary>
internal sealed partial record Binding(string Target, string Value, int SourceStep, IReadOnlyList<string> SourcePath)
{
    public static Binding Parse(JsonNode binding)
    {
        Match from = Source().Match(binding["from"]!.GetValue<string>());
        return new Binding(
            binding["in"]!.GetValue<string>(),
            binding["value"]!.GetValue<string>(),
            int.Parse(from.Groups[1].Value, CultureInfo.InvariantCulture),
            from.Groups[2].Value.Split('/'));
    }

    /// <summary>Puts <paramref name="value"/> where the recording's own value stood.</summary>
    public RecordedRequest Apply(RecordedRequest request, string value)
    {
        if (Target == "path")
        {
            string token = $"(?<=[/=]){Regex.Escape(Value)}(?=$|[/?&])";
            return request with { Path = Regex.Replace(request.Path, token, _ => value) };
        }

        JsonNode body = request.Body!.DeepClone();
        string[] path = Target.Split('/')[1..];
        JsonNode parent = JsonPath.Find(body, path[..^1])!;
        parent[path[^1]] = value;
        return request with { Body = body };
    }

    [GeneratedRegex(@"^steps\[(\d+)\]\.response\.body/(.*)$")]
    private static partial Regex Source();
}
