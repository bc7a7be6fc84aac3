using System.Globalization;
using k8s.Models;

namespace Slipway.DevCluster.Nodes;

/// <summary>What the node offers. Requests are only compared with it: nothing is enforced on the processes.</summary>
internal static class NodeCapacity
{
    public const int MaxPods = 110;

    public static IDictionary<string, ResourceQuantity> Measure() => new Dictionary<string, ResourceQuantity>
    {
        ["cpu"] = new(System.Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
        ["memory"] = new($"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024}Ki"),
        ["ephemeral-storage"] = new("100Gi"),
        ["pods"] = new(MaxPods.ToString(CultureInfo.InvariantCulture)),
    };
}
