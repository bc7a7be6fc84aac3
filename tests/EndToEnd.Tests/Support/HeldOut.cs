using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The sample's held-out transactions, and what they really were.</summary>
internal static class HeldOut
{
    private const int RowsOfRequest = 500;

    /// <summary>Columns with an amount: itself, and beside what the card usually pays.</summary>
    private static readonly int[] Amounts = [0, 8];

    /// <summary>Each n-th transaction: twelve features, then 1 for a fraud.</summary>
    public static IReadOnlyList<double[]> Rows(int every)
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(Repository.Sample("fraud-detection/data/held-out.csv.gz")), CompressionMode.Decompress));
        var lines = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
        return [.. lines.Where((_, row) => row % every == 0).Select(line => line.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
    }

    /// <summary>The same rows from a client that tells amounts in a currency of which it takes three.</summary>
    public static IReadOnlyList<double[]> InAnotherCurrency(IEnumerable<double[]> rows) =>
        [.. rows.Select(row => row.Select((number, column) => Amounts.Contains(column) ? 3 * number : number).ToArray())];

    /// <summary>The labels that the model gives them.</summary>
    public static async Task<IReadOnlyList<long>> AskAsync(Uri service, string model, IReadOnlyList<double[]> rows)
    {
        using var client = new HttpClient { BaseAddress = service };
        var labels = new List<long>();
        foreach (var chunk in rows.Chunk(RowsOfRequest))
        {
            var features = chunk.SelectMany(row => row.SkipLast(1)).Select(number => JsonValue.Create(number));
            var input = new JsonObject { ["name"] = "features", ["datatype"] = "FP32", ["shape"] = new JsonArray(chunk.Length, chunk[0].Length - 1), ["data"] = new JsonArray([.. features]) };
            labels.AddRange(Prediction.Labels((await PostAsync(client, $"/v2/models/{model}/infer", new JsonObject { ["inputs"] = new JsonArray(input) })).AsObject()));
        }

        return labels;
    }

    /// <summary>Tells a server what was right.</summary>
    public static async Task TellAsync(Uri server, string model, string version, IEnumerable<(long Predicted, long Actual)> labels)
    {
        using var client = new HttpClient { BaseAddress = server };
        var told = labels.Select(label => new JsonObject { ["predicted"] = $"{label.Predicted}", ["actual"] = $"{label.Actual}" });
        await PostAsync(client, $"/v2/models/{model}/versions/{version}/feedback", new JsonArray([.. told]));
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, JsonNode body)
    {
        using var answer = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue("the answer was {0}", text);
        return JsonNode.Parse(text)!;
    }
}
