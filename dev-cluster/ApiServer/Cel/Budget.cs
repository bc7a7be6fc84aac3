namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>What the rules of one object may still cost, in cost units; one rule may take only a part of it.</summary>
internal sealed class Budget
{
    public const long PerObject = 10_000_000;
    public const long PerRule = 1_000_000;

    private long _object = PerObject;
    private long _rule = PerRule;

    /// <summary>True when no further rule may run.</summary>
    public bool Exhausted => _object <= 0;

    public void StartRule() => _rule = PerRule;

    /// <summary>Takes <paramref name="cost"/> units, or stops the evaluation.</summary>
    public void Spend(long cost)
    {
        _object -= cost;
        _rule -= cost;
        if (_rule < 0 || _object < 0)
        {
            throw new CelException("operation cancelled: actual cost limit exceeded") { OverBudget = true };
        }
    }
}
