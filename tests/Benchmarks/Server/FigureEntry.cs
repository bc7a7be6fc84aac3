namespace Slipway.Benchmarks.Server;

/// <summary>A figure and how it is measured; what is seen on the way is printed beside it.</summary>
internal sealed record FigureEntry(Figure Figure, Func<Figure, CancellationToken, Task> PrintAsync);
