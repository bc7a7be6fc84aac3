using k8s.Models;

namespace Slipway.DevCluster.Nodes.Volumes;

/// <summary>A token of a ServiceAccount, and the moments between which it is good.</summary>
internal sealed record AccountToken(string Text, DateTime Issued, DateTime Expires)
{
    private const double FreshShare = 0.8;

    /// <summary>False in the last fifth of its life, when a kubelet puts another one in its place.</summary>
    public bool IsFreshAt(DateTime now) => now < Issued + ((Expires - Issued) * FreshShare);
}

/// <summary>The tokens that one pod mounts: asked for when they are needed, and again before they expire.</summary>
internal sealed class PodTokens(V1Pod pod, INodeObjects objects, TimeProvider clock)
{
    private const int DefaultSeconds = 3600;

    private readonly Dictionary<(string Audience, long Seconds), AccountToken> _tokens = [];

    /// <summary>Gets every token of the pod's volumes that is not there or is no longer fresh.</summary>
    /// <exception cref="VolumeMissingException">The API server gives none.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var wanted = (pod.Spec.Volumes ?? [])
            .SelectMany(volume => volume.Projected?.Sources ?? [])
            .Select(source => source.ServiceAccountToken)
            .OfType<V1ServiceAccountTokenProjection>()
            .Select(KeyOf)
            .Distinct();
        foreach (var key in wanted)
        {
            if (!_tokens.TryGetValue(key, out var held) || !held.IsFreshAt(clock.GetUtcNow().UtcDateTime))
            {
                _tokens[key] = await objects.TokenAsync(pod, key.Audience, key.Seconds, cancellationToken);
            }
        }
    }

    /// <summary>The token of a source, as of the last refresh.</summary>
    public string Text(V1ServiceAccountTokenProjection source) => _tokens[KeyOf(source)].Text;

    private static (string Audience, long Seconds) KeyOf(V1ServiceAccountTokenProjection source) => (source.Audience ?? "", source.ExpirationSeconds ?? DefaultSeconds);
}
