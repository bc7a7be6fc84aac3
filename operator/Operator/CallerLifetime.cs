namespace Slipway.Operator;

/// <summary>
/// The lifetime of a host that its caller starts and stops. The default one ends its host by itself at SIGTERM, and with several hosts in one
/// process each would end on its own, the API server before its clients.
/// </summary>
public sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
