using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>
/// The ConfigMap of settings that running servers take up by themselves: <c>live.yaml</c>. No pod template and no revision depends on its
/// content; <see cref="Revision"/> leaves out what is written here.
/// </summary>
internal static class LiveConfigBuilder
{
    public static V1ConfigMap Build(DesireContext context) => new()
    {
        ApiVersion = "v1",
        Kind = V1ConfigMap.KubeKind,
        Metadata = Owned.Metadata(context.Model, Names.LiveConfig(context.Model.Metadata.Name)),
        Data = new Dictionary<string, string> { [ServerContract.LiveFile] = ServerYaml.Write(Config(context)) },
    };

    private static LiveConfig Config(DesireContext context)
    {
        var spec = context.Model.Spec;
        var server = spec.Server ?? new();
        return new()
        {
            MaxConcurrency = server.MaxConcurrency,
            Batching = new() { MaxDelay = server.Batching.MaxDelay },
            SlowThreshold = spec.Monitoring?.Slo?.Latency?.Threshold,
            RequestLog = server.RequestLog,

            // What the user named is in the revision's own ConfigMap.
            Expected = context.Digest.Length == 0 || spec.Model.Digest.Length > 0
                ? null
                : new() { Uri = spec.Model.Uri, Version = spec.Model.Version, Digest = context.Digest },
        };
    }
}
