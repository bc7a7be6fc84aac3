using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>The immutable ConfigMap of one revision: <c>server.yaml</c>.</summary>
internal static class RevisionConfigBuilder
{
    /// <param name="existing">
    /// The ConfigMap of this revision, null while there is none. It is immutable, so that its content stays: an operator that would write another
    /// one must not trip over what its predecessor wrote.
    /// </param>
    public static V1ConfigMap Build(DesireContext context, V1ConfigMap? existing = null) => new()
    {
        ApiVersion = "v1",
        Kind = V1ConfigMap.KubeKind,
        Metadata = Owned.Metadata(context.Model, Names.RevisionConfig(context.Model.Metadata.Name, context.Revision), context.Revision),
        Immutable = true,
        Data = existing?.Data ?? new Dictionary<string, string> { [ServerContract.ConfigFile] = ServerYaml.Write(Config(context.Model)) },
    };

    /// <summary>
    /// An older revision's ConfigMap as it was applied, for as long as a pod may still start from it. Labels and owners that others added are
    /// left to them.
    /// </summary>
    public static V1ConfigMap Keep(ModelDeployment model, V1ConfigMap existing) =>
        new() { ApiVersion = "v1", Kind = V1ConfigMap.KubeKind, Metadata = Owned.Kept(model, existing.Metadata), Immutable = true, Data = existing.Data };

    private static ServerConfig Config(ModelDeployment model)
    {
        var server = model.Spec.Server ?? new();
        return new()
        {
            Model = model.Metadata.Name,
            Uri = model.Spec.Model.Uri,
            Version = model.Spec.Model.Version,
            Digest = model.Spec.Model.Digest,
            RequestTimeout = server.RequestTimeout,
            Batching = new() { Mode = server.Batching.Mode, MaxBatchSize = server.Batching.MaxBatchSize },
            Runtime = new()
            {
                IntraOpThreads = server.Threads.IntraOp,
                InterOpThreads = server.Threads.InterOp,
                Optimization = server.Runtime.Optimization,
                Execution = server.Runtime.Execution,
                MemoryArena = server.Runtime.MemoryArena,
                MemoryPattern = server.Runtime.MemoryPattern,
                Instances = server.Runtime.Instances,
            },
        };
    }
}
