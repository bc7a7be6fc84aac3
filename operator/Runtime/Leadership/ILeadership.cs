namespace Slipway.Runtime;

/// <summary>Whether it is this process's turn to write. Called in this order, each once.</summary>
internal interface ILeadership
{
    /// <summary>Cancelled when the leadership ended in any other way than by <see cref="ReleaseAsync"/>; it does not come back.</summary>
    CancellationToken Lost { get; }

    /// <summary>Returns when this process leads; that goes on in the background.</summary>
    Task AcquireAsync(CancellationToken cancellationToken);

    /// <summary>Nothing more will be written: another process may lead at once. Does nothing when this one does not lead.</summary>
    Task ReleaseAsync();
}
