using System.Text.Json;
using Slipway.Api;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Telemetry;
using Slipway.ModelServer.Transport.Management;

namespace Slipway.Benchmarks.Fleet;

/// <summary>What a busy pod says to <c>/status</c> and <c>/window</c>: thirty features and an output, twelve bins each, counts that move from answer to answer.</summary>
internal static class WindowAnswers
{
    private const int Features = 30;
    private const int Edges = 10;
    private const int Rows = 50_000;
    private const int TrainingRows = 91_357;
    private const int SlowestBucket = 90;

    /// <summary>Different answers of one pod, which take turns.</summary>
    private const int Variants = 16;

    /// <summary>The last feature's bins are so much fuller and emptier than expected: an index of 0.1, in the middle of a step of status.</summary>
    private const double MostTilt = 0.315;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static byte[] Status() => JsonSerializer.SerializeToUtf8Bytes(
        new ServerStatus
        {
            Model = FleetApi.Name(0),
            Version = "1",
            Digest = $"sha256:{new string('a', 64)}",
            State = ServerState.Ready,
            Inputs = [new("features", "FP32", [-1, Features])],
            Outputs = [new("score", "FP32", [-1, 1])],
        },
        Web);

    public static IReadOnlyList<byte[]> Windows(DateTimeOffset now) =>
        [.. Enumerable.Range(0, Variants).Select(variant => JsonSerializer.SerializeToUtf8Bytes(Window(now, new(variant)), WindowJson.Default.ServerWindow))];

    private static ServerWindow Window(DateTimeOffset now, Random random) => new()
    {
        Model = FleetApi.Name(0),
        From = now.AddDays(-1),
        To = now,
        LatencyScheme = LatencyBuckets.Scheme,
        Versions =
        [
            Version(now, random) with { Version = "" },
            Version(now, random) with
            {
                Version = "1",
                Latency = [.. Enumerable.Range(0, SlowestBucket).Select(_ => (long)random.Next(Rows))],
                Features = [.. Enumerable.Range(0, Features).Select(place => Feature($"feature_{place:D2}", MostTilt * place / Features, random)), Feature("output.score", MostTilt, random)],
            },
        ],
    };

    private static VersionWindow Version(DateTimeOffset now, Random random)
    {
        var protocols = MetricProtocols.All.ToDictionary(name => name, _ => new ProtocolWindow { Requests = Requests(random) });
        return new() { Since = now.AddDays(-2), Requests = Requests(random), Protocols = protocols };
    }

    private static Dictionary<string, long> Requests(Random random) => MetricCodes.All.ToDictionary(code => code, _ => (long)random.Next(Rows));

    private static FeatureWindow Feature(string name, double tilt, Random random)
    {
        // The same in every answer.
        var training = new Random(name.Sum(letter => letter));
        var bins = new NumericBins([.. Enumerable.Range(0, Edges).Select(edge => Math.Round(edge + training.NextDouble(), 4))]);
        const int Inner = Edges - 1;
        var shares = Enumerable.Range(0, bins.Count).Select(bin => bin is > 0 and <= Inner ? ((TrainingRows / Inner) + training.Next(50)) / (double)TrainingRows : 0).ToList();
        return new()
        {
            Name = name,
            Bins = bins.Labels,
            Expected = shares,
            Counts = [.. shares.Select((share, bin) => (long)(Rows * share * (1 + (bin % 2 == 0 ? tilt : -tilt) + ((random.NextDouble() - 0.5) / 50))))],
        };
    }
}
