namespace Slipway.Benchmarks.Fleet;

/// <summary>How much is measured.</summary>
/// <param name="Quick">A tenth of the models: a first look, not a verdict.</param>
/// <param name="WindowsAlone">Only what it costs to ask pods for their windows.</param>
internal sealed record FleetOptions(bool Quick, bool WindowsAlone)
{
    public int Few => Quick ? 100 : 1000;

    public int Many => 5 * Few;

    /// <summary>Of the operator and the bare client in turn.</summary>
    public int Rounds => Quick ? 1 : 3;

    /// <summary>During which an operator at rest is watched.</summary>
    public TimeSpan Steady => TimeSpan.FromSeconds(Quick ? 10 : 60);

    /// <summary>During which an operator that asks for no window is watched.</summary>
    public TimeSpan Idle => TimeSpan.FromSeconds(Quick ? 9 : 30);

    /// <summary>The drift window of every model: shorter than the default of a day, so that enough looks are seen while the benchmark runs.</summary>
    public string Window => Quick ? "4m" : "8m";

    /// <summary>How often a model with this window is looked at: 24 times while it passes.</summary>
    public TimeSpan Pace => TimeSpan.FromSeconds(Quick ? 10 : 20);

    /// <summary>At every model, during which the operator is watched.</summary>
    public int Looks => Quick ? 1 : 3;

    /// <returns>Null when an option is unknown.</returns>
    public static FleetOptions? TryParse(string[] args) => args.All(arg => arg is "--quick" or "windows") ? new(args.Contains("--quick"), args.Contains("windows")) : null;
}
