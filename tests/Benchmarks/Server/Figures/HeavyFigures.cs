using Slipway.Benchmarks.Server.Loads;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Figures;

/// <summary>Models that take milliseconds, beside the same session driven in-process by two threads: serving is to add next to nothing.</summary>
internal sealed class HeavyFigures(Sides sides, BenchOptions options)
{
    // Nearly all of their time is the model's, which nothing compiles; the rest is compiled within some hundred requests.
    private const int WarmUps = 4;

    public IEnumerable<FigureEntry> All() =>
    [
        new(new("encoder_c8_cpu_vs_inprocess", "ratio", AtMost: 1.08), (figure, token) => AgainstModelAsync(figure, BenchModels.Encoder, () => new(Bodies.Encoder()), token)),
        new(new("encoder_c256_cpu_vs_c8", "ratio", AtMost: 1.08), CrowdedAsync),
        new(new("vision_binary_c8_cpu_vs_inprocess", "ratio", AtMost: 1.08), (figure, token) => AgainstModelAsync(figure, BenchModels.Vision, VisionBinary, token)),
        new(new("vision_json_c8_cpu_vs_inprocess", "ratio", AtMost: 1.45), (figure, token) => AgainstModelAsync(figure, BenchModels.Vision, () => new(Bodies.Vision()), token)),
    ];

    private static Request VisionBinary()
    {
        var (body, header) = Bodies.VisionBinary();
        return new(body, header);
    }

    private async Task AgainstModelAsync(Figure figure, Func<byte[]> build, Func<Request> request, CancellationToken cancellationToken)
    {
        var model = build();
        var modelFile = await sides.SaveAsync(model, cancellationToken);
        using var load = new WrkLoad(request(), connections: 8);
        using var server = await sides.ServeAsync(model, cancellationToken);
        Comparison.Print(figure, await Rounds.CompareAsync(
            WarmUps, options.Rounds, () => Sides.MeasureAsync(server, load, cancellationToken), () => Sides.DriveAsync(modelFile, threads: 2, cancellationToken)));
    }

    private async Task CrowdedAsync(Figure figure, CancellationToken cancellationToken)
    {
        using var crowd = new WrkLoad(new(Bodies.Encoder()), connections: 256);
        using var few = new WrkLoad(new(Bodies.Encoder()), connections: 8);
        using var server = await sides.ServeAsync(BenchModels.Encoder(), cancellationToken);
        Comparison.Print(figure, await Rounds.CompareAsync(
            WarmUps, options.Rounds, () => Sides.MeasureAsync(server, crowd, cancellationToken), () => Sides.MeasureAsync(server, few, cancellationToken)));
    }
}
