namespace Slipway.Benchmarks.Server;

/// <summary>How much is measured.</summary>
/// <param name="Quick">Few and short rounds: a first look, not a verdict.</param>
/// <param name="Names">Parts of names of figures; empty runs all.</param>
internal sealed record BenchOptions(bool Quick, IReadOnlyList<string> Names)
{
    public int Rounds => Quick ? 3 : 15;

    /// <summary>Of one measured run.</summary>
    public TimeSpan Run => TimeSpan.FromSeconds(Quick ? 0.7 : 1);

    /// <returns>Null when an option is unknown.</returns>
    public static BenchOptions? TryParse(string[] args)
    {
        var unknown = args.Any(arg => arg.StartsWith('-') && arg != "--quick");
        return unknown ? null : new(args.Contains("--quick"), [.. args.Where(arg => !arg.StartsWith('-'))]);
    }

    public bool Wants(string name) => Names.Count == 0 || Names.Any(part => name.Contains(part, StringComparison.Ordinal));
}
