namespace Slipway.Runtime;

/// <summary>What the host needs of a controller's loop, whatever its entity.</summary>
internal interface IControllerLoop
{
    /// <summary>Unique in a host; the label of its metrics.</summary>
    string Name { get; }

    /// <summary>
    /// Works until <paramref name="stopTaking"/> is cancelled and the running reconciles have ended; these get
    /// <paramref name="cancelRunning"/>.
    /// </summary>
    Task RunAsync(CancellationToken stopTaking, CancellationToken cancelRunning);
}
