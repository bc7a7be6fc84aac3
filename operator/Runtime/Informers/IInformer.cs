namespace Slipway.Runtime;

/// <summary>What the host needs of an informer, whatever its type.</summary>
internal interface IInformer
{
    InformerState State { get; }

    Task WaitForSyncAsync(CancellationToken cancellationToken);

    /// <summary>Lists and watches until cancelled; survives every failure of the API server.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
