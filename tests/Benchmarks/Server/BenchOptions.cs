namespace Slipway.Benchmarks.Server;

/// <summary>How much is measured.</summary>
/// <param name="Quick">Few and short rounds: a first look, not a verdict.</param>
/// <param name="Names">Parts of names of figures; empty runs all.</param>
internal sealed record BenchOptions(bool Quick, IReadOnlyList<string> Names)
{
    public int Rounds => Quick ? 2 : 15;

    /// <summary>
    /// Runs before the first round. A server needs some 100,000 requests until its compiler is done with it, and takes several times the
    /// processor time until then.
    /// </summary>
    public int WarmUps => Quick ? 5 : 10;

    /// <summary>Of one measured run, in whole seconds, since wrk knows no others.</summary>
    public static readonly TimeSpan Run = TimeSpan.FromSeconds(1);

    /// <summary>Of one run at a fixed rate, long enough for a hundredth of a heavy model's requests to be several.</summary>
    public TimeSpan OpenRun => TimeSpan.FromSeconds(Quick ? 2 : 4);

    /// <summary>After which memory is looked at.</summary>
    public int RequestsBeforeMemory => Quick ? 100_000 : 1_000_000;

    /// <returns>Null when an option is unknown.</returns>
    public static BenchOptions? TryParse(string[] args)
    {
        var unknown = args.Any(arg => arg.StartsWith('-') && arg != "--quick");
        return unknown ? null : new(args.Contains("--quick"), [.. args.Where(arg => !arg.StartsWith('-'))]);
    }

    public bool Wants(string name) => Names.Count == 0 || Names.Any(part => name.Contains(part, StringComparison.Ordinal));
}
