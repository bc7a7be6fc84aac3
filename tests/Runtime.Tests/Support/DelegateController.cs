namespace Slipway.Runtime.Tests;

/// <summary>A controller whose reconcile a test sets while it runs.</summary>
internal sealed class DelegateController : IEntityController<Widget>
{
    public Func<Widget, CancellationToken, Task<Result>> Reconcile { get; set; } = (_, _) => Task.FromResult(Result.Done);

    public Task<Result> ReconcileAsync(Widget entity, CancellationToken cancellationToken) => Reconcile(entity, cancellationToken);
}
