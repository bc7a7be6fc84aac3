namespace Slipway.Runtime;

/// <summary>Leads from the start to the end, for there is nobody else.</summary>
internal sealed class SoleLeader : ILeadership, ILeaderStatus, IWriteGuard
{
    public CancellationToken Lost => CancellationToken.None;

    public bool IsLost => false;

    public Task AcquireAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ReleaseAsync() => Task.CompletedTask;

    public void Check(string request)
    {
        // Whoever is alone may write whenever it likes.
    }
}
