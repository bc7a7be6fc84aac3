namespace Slipway.Benchmarks.Fleet;

/// <summary>How much is measured.</summary>
/// <param name="Quick">A tenth of the models: a first look, not a verdict.</param>
internal sealed record FleetOptions(bool Quick)
{
    public int Few => Quick ? 100 : 1000;

    public int Many => 5 * Few;

    /// <summary>Of the operator and the bare client in turn.</summary>
    public int Rounds => Quick ? 1 : 3;

    /// <summary>During which an operator at rest is watched.</summary>
    public TimeSpan Steady => TimeSpan.FromSeconds(Quick ? 10 : 60);

    /// <returns>Null when an option is unknown.</returns>
    public static FleetOptions? TryParse(string[] args) => args is [] or ["--quick"] ? new(args.Length == 1) : null;
}
