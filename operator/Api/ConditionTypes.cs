namespace Slipway.Api;

/// <summary>The condition types of a ModelDeployment.</summary>
public static class ConditionTypes
{
    /// <summary>The whole spec is in force.</summary>
    public const string Ready = "Ready";

    /// <summary>Some version answers requests now; stays True through an update.</summary>
    public const string Serving = "Serving";

    /// <summary>The number of pods follows the load. Present only while autoscaling is set; says nothing about Ready.</summary>
    public const string Autoscaled = "Autoscaled";

    /// <summary>The cluster knows what <c>spec.monitoring</c> asks for. Present only while that is set; says nothing about Ready.</summary>
    public const string Monitored = "Monitored";

    /// <summary>
    /// Live data has strayed from the version's baseline; Unknown while nobody can tell. Present only while drift is watched and a pod is ready; says nothing
    /// about Ready.
    /// </summary>
    public const string Drifted = "Drifted";

    /// <summary>A change is under way. Present only while True, as kstatus expects.</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>Only the user can mend what is wrong. Present only while True, as kstatus expects.</summary>
    public const string Stalled = "Stalled";
}
