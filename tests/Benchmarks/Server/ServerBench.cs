namespace Slipway.Benchmarks.Server;

/// <summary><c>bench server</c>: what serving costs, as ratios to a reference in the same run; one JSON line a figure.</summary>
internal static class ServerBench
{
    private const string PublishFolder = "artifacts/bench";
    private const string Infer = "/v2/models/m/infer";

    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        using var sides = new Sides(PublishFolder, options);
        var tabular = BenchModels.Tabular();
        await RunOneAsync(new("control_a_vs_a", "ratio"), options, () => AgainstBareAsync(sides, options, Bodies.Tabular(1), null, cancellationToken, control: true));
        foreach (var (name, connections, most) in new (string, int, double?)[] { ("tabular_json_c32", 32, 1.6), ("tabular_json_c1", 1, 1.6), ("tabular_json_c256", 256, null) })
        {
            await RunOneAsync(new($"{name}_cpu_vs_bare", "ratio", most), options, () => AgainstBareAsync(sides, options, Bodies.Tabular(1), null, cancellationToken, connections));
        }

        var (binary, header) = Bodies.TabularBinary(32);
        await RunOneAsync(new("tabular_binary_rows32_cpu_vs_bare", "ratio", 2.0), options, () => AgainstBareAsync(sides, options, binary, header, cancellationToken));
        await RunOneAsync(new("tabular_json_rows32_cpu_vs_reader", "ratio", 0.5), options, () => AgainstReaderAsync(sides, options, tabular, cancellationToken));
        await RunOneAsync(new("encoder_c8_cpu_vs_inprocess", "ratio", 1.08), options, () => AgainstModelAsync(sides, options, BenchModels.Encoder(), Bodies.Encoder(), cancellationToken));
        await RunOneAsync(new("encoder_c256_cpu_vs_c8", "ratio", 1.08), options, () => CrowdedAsync(sides, options, BenchModels.Encoder(), Bodies.Encoder(), cancellationToken));
        return 0;
    }

    private static async Task RunOneAsync(Figure figure, BenchOptions options, Func<Task<(Interval Cpu, Interval Throughput)>> measure)
    {
        if (!options.Wants(figure.Name))
        {
            return;
        }

        var (cpu, throughput) = await measure();
        figure.Print(cpu);
        new Figure(figure.Name.Replace("_cpu_", "_throughput_", StringComparison.Ordinal), "ratio").Print(throughput);
    }

    private static async Task<(Interval, Interval)> AgainstBareAsync(
        Sides sides, BenchOptions options, byte[] body, int? header, CancellationToken cancellationToken, int connections = 32, bool control = false)
    {
        using var load = new WrkLoad(Infer, body, connections, header is null ? "application/json" : "application/octet-stream", header);
        using var server = await sides.ServeAsync(BenchModels.Tabular(), cancellationToken);
        using var bare = await sides.BareAsync(await AnswerBytesAsync(server, body, header, cancellationToken), cancellationToken);
        return await Rounds.CompareAsync(
            options.Rounds,
            () => sides.MeasureAsync(control ? bare : server, load, cancellationToken),
            () => sides.MeasureAsync(bare, load, cancellationToken));
    }

    private static async Task<(Interval, Interval)> AgainstReaderAsync(Sides sides, BenchOptions options, byte[] model, CancellationToken cancellationToken)
    {
        using var load = new WrkLoad(Infer, Bodies.Tabular(32), connections: 32);
        using var server = await sides.ServeAsync(model, cancellationToken);
        using var reader = await sides.ServeAsync(model, cancellationToken, build: "server-reader");
        return await Rounds.CompareAsync(
            options.Rounds, () => sides.MeasureAsync(server, load, cancellationToken), () => sides.MeasureAsync(reader, load, cancellationToken));
    }

    private static async Task<(Interval, Interval)> AgainstModelAsync(
        Sides sides, BenchOptions options, byte[] model, byte[] body, CancellationToken cancellationToken)
    {
        using var load = new WrkLoad(Infer, body, connections: 8);
        using var server = await sides.ServeAsync(model, cancellationToken);
        return await Rounds.CompareAsync(
            options.Rounds, () => sides.MeasureAsync(server, load, cancellationToken), () => sides.DriveAsync(model, threads: 2, cancellationToken));
    }

    private static async Task<(Interval, Interval)> CrowdedAsync(Sides sides, BenchOptions options, byte[] model, byte[] body, CancellationToken cancellationToken)
    {
        using var crowd = new WrkLoad(Infer, body, connections: 256);
        using var few = new WrkLoad(Infer, body, connections: 8);
        using var server = await sides.ServeAsync(model, cancellationToken);
        return await Rounds.CompareAsync(
            options.Rounds, () => sides.MeasureAsync(server, crowd, cancellationToken), () => sides.MeasureAsync(server, few, cancellationToken));
    }

    private static async Task<int> AnswerBytesAsync(ServerProcess server, byte[] body, int? header, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        using var content = new ByteArrayContent(body);
        if (header is { } length)
        {
            content.Headers.Add("Inference-Header-Content-Length", length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        using var response = await client.PostAsync(Infer, content, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsByteArrayAsync(cancellationToken)).Length;
    }
}
