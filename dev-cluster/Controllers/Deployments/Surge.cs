using System.Globalization;
using k8s.Models;

namespace Slipway.DevCluster.Controllers.Deployments;

/// <summary>How many pods more and fewer than wanted a roll-out may have.</summary>
internal readonly record struct Surge(int MaxSurge, int MaxUnavailable)
{
    public static Surge Of(V1Deployment deployment)
    {
        var wanted = deployment.Spec.Replicas ?? 1;
        if (deployment.Spec.Strategy?.Type == "Recreate")
        {
            return new(0, 0);
        }

        var surge = Resolve(deployment.Spec.Strategy?.RollingUpdate?.MaxSurge, wanted, roundUp: true);
        var unavailable = Resolve(deployment.Spec.Strategy?.RollingUpdate?.MaxUnavailable, wanted, roundUp: false);
        // Both zero could never move.
        return surge == 0 && unavailable == 0 ? new(0, Math.Min(1, wanted)) : new(surge, Math.Min(unavailable, wanted));
    }

    /// <summary>A number, or a percentage of <paramref name="total"/>; 25 % when absent.</summary>
    public static int Resolve(IntOrString? value, int total, bool roundUp)
    {
        var text = value?.Value ?? "25%";
        if (!text.EndsWith('%'))
        {
            return int.Parse(text, CultureInfo.InvariantCulture);
        }

        var part = total * int.Parse(text[..^1], CultureInfo.InvariantCulture) / 100.0;
        return (int)(roundUp ? Math.Ceiling(part) : Math.Floor(part));
    }
}
