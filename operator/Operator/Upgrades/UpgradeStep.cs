namespace Slipway.Operator.Upgrades;

/// <summary>Where a model stands while what a new operator changed by itself is rolled out.</summary>
internal enum UpgradeStep
{
    /// <summary>Its pods are as this operator makes them, or about to be at the user's own wish.</summary>
    None,

    /// <summary>Its pods are as another operator made them, and wait for their turn.</summary>
    Waiting,

    /// <summary>It has its turn, and is not Ready yet.</summary>
    UnderWay,

    /// <summary>It was Ready before its turn and is in trouble since; or what its turn has come to cannot be told, because its reconcile fails.</summary>
    Failed,
}
