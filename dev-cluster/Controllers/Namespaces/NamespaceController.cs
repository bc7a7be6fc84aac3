using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers.Namespaces;

/// <summary>The certificate authority of the API server, as PEM text.</summary>
internal sealed record ClusterAuthority(string Certificate);

/// <summary>
/// Gives every namespace its default ServiceAccount and the ConfigMap with the API server's certificate authority, and empties one that is
/// deleted.
/// </summary>
internal sealed class NamespaceController(
    IKubernetes api,
    NamespaceEmptier emptier,
    IObjectStore<V1ServiceAccount> accounts,
    IObjectStore<V1ConfigMap> configMaps,
    ClusterAuthority authority,
    TimeProvider clock) : IEntityController<V1Namespace>
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private const string Account = "default";
    private const string RootCertificate = "kube-root-ca.crt";
    private const string CertificateKey = "ca.crt";

    public async Task<Result> ReconcileAsync(V1Namespace entity, CancellationToken cancellationToken)
    {
        var name = entity.Metadata.Name;
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            return await EndAsync(entity, cancellationToken);
        }

        if (accounts.Get(new(name, Account)) is null)
        {
            await UnlessThereAsync(api.CoreV1.CreateNamespacedServiceAccountAsync(
                new() { ApiVersion = "v1", Kind = "ServiceAccount", Metadata = new() { Name = Account } }, name, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));
        }

        var current = configMaps.Get(new(name, RootCertificate));
        if (current is null)
        {
            await UnlessThereAsync(api.CoreV1.CreateNamespacedConfigMapAsync(Certificate(), name, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));
        }
        else if (current.Data?.TryGetValue(CertificateKey, out var text) != true || text != authority.Certificate)
        {
            await ApiWrite.Of(api.CoreV1.ReplaceNamespacedConfigMapAsync(Certificate(), RootCertificate, name, fieldManager: ApiWrite.Controllers, cancellationToken: cancellationToken));
        }

        return Result.Done;
    }

    private async Task<Result> EndAsync(V1Namespace entity, CancellationToken cancellationToken)
    {
        var rest = await emptier.EmptyAsync(entity.Metadata.Name, cancellationToken);
        var version = await ReportAsync(entity, rest, cancellationToken);
        if (!rest.IsEmpty)
        {
            return Result.After(BetweenLooks);
        }

        var done = new V1Namespace
        {
            ApiVersion = "v1",
            Kind = V1Namespace.KubeKind,
            Metadata = new() { Name = entity.Metadata.Name, ResourceVersion = version },
            Spec = new() { Finalizers = [] },
        };
        await ApiWrite.Of(api.CoreV1.ReplaceNamespaceFinalizeAsync(done, entity.Metadata.Name, cancellationToken: cancellationToken));
        return Result.Done;
    }

    /// <summary>The version of the namespace that says what is left in it.</summary>
    private async Task<string> ReportAsync(V1Namespace entity, NamespaceRest rest, CancellationToken cancellationToken)
    {
        V1NamespaceStatus status = new() { Phase = entity.Status?.Phase, Conditions = rest.Conditions(entity.Status?.Conditions, clock.GetUtcNow().UtcDateTime) };
        if (Json.Same(status, entity.Status))
        {
            return entity.Metadata.ResourceVersion;
        }

        var reported = await ApiWrite.Of(api.CoreV1.ReplaceNamespaceStatusAsync(
            new() { ApiVersion = "v1", Kind = V1Namespace.KubeKind, Metadata = entity.Metadata, Spec = entity.Spec, Status = status },
            entity.Metadata.Name,
            fieldManager: ApiWrite.Controllers,
            cancellationToken: cancellationToken));
        return reported.Metadata.ResourceVersion;
    }

    private V1ConfigMap Certificate() => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new()
        {
            Name = RootCertificate,
            Annotations = new Dictionary<string, string>
            {
                ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
            },
        },
        Data = new Dictionary<string, string> { [CertificateKey] = authority.Certificate },
    };

    private static async Task UnlessThereAsync<T>(Task<T> creation)
    {
        try
        {
            await creation;
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.Conflict)
        {
            return;
        }
    }
}
