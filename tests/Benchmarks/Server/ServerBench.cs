using System.ComponentModel;
using Slipway.Benchmarks.Server.Figures;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server;

/// <summary><c>bench server</c>: what serving costs, as ratios to a reference in the same run; one JSON line a figure.</summary>
internal static class ServerBench
{
    private const string PublishFolder = "artifacts/bench";

    /// <returns>1 when a figure could not be measured, 2 when none has a name that was asked for; what a figure says decides nothing.</returns>
    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        using var sides = new Sides(PublishFolder);
        var tabular = new TabularFigures(sides, options);
        FigureEntry[] all =
        [
            .. tabular.All(), .. new GrpcFigures(sides, options).All(), .. new HeavyFigures(sides, options).All(), .. new BatchingFigures(sides, options).All(),
            .. new OpenLoopFigures(sides, options).All(), .. new ProcessFigures(sides, options).All(), .. new StartFigures(sides, options).All(),
        ];
        FigureEntry[] wanted = [.. all.Where(entry => options.Wants(entry.Figure.Name))];
        if (wanted.Length == 0)
        {
            await Console.Error.WriteLineAsync(
                $"bench server: no figure has {string.Join(" or ", options.Names.Select(name => $"'{name}'"))} in its name. There are:"
                + string.Concat(all.Select(entry => $"\n  {entry.Figure.Name}")));
            return 2;
        }

        var measured = true;
        foreach (var entry in wanted.Prepend(tabular.Control()))
        {
            measured &= await TryAsync(entry, cancellationToken);
        }

        return measured ? 0 : 1;
    }

    /// <summary>A figure that cannot be measured costs no other.</summary>
    private static async Task<bool> TryAsync(FigureEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await entry.PrintAsync(entry.Figure, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException or Win32Exception or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"bench server: {entry.Figure.Name} could not be measured: {exception.Message}");
            return false;
        }
    }
}
