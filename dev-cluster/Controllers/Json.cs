using k8s;

namespace Slipway.DevCluster.Controllers;

internal static class Json
{
    /// <summary>Equal as they would be sent; null equals only null.</summary>
    public static bool Same<T>(T? left, T? right)
        where T : class =>
        left is null || right is null ? ReferenceEquals(left, right) : KubernetesJson.Serialize(left) == KubernetesJson.Serialize(right);
}
