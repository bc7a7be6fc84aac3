using System.Diagnostics.Metrics;

namespace Slipway.Operator.Upgrades;

/// <summary>How many models stand where in the upgrade of the fleet.</summary>
internal static class UpgradeMetrics
{
    public const string Models = "slipway_upgrade_models";

    private static readonly (UpgradeStep Step, string State)[] States = [(UpgradeStep.Waiting, "waiting"), (UpgradeStep.UnderWay, "under_way"), (UpgradeStep.Failed, "failed")];

    public static void Observe(Meter meter, UpgradeQueue queue) => meter.CreateObservableGauge(
        Models, () => States.Select(state => new Measurement<long>(queue.Count(state.Step), new KeyValuePair<string, object?>("state", state.State))));
}
