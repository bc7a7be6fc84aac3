using Slipway.Api;

namespace Slipway.DevCluster.Commands;

/// <summary>What <c>up</c> does with the models that it applied: wait for them, show them, ask them, and say what to try next.</summary>
internal sealed class Tour(RawClient client, Action<string> say)
{
    private const string VersionPatch = """{"spec":{"model":{"version":"2"}}}""";

    /// <exception cref="TimeoutException">A model is not ready; the message says why.</exception>
    public async Task ShowAsync(IReadOnlyList<AppliedObject> models, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        foreach (var model in models)
        {
            await new ReadyWait(client, TimeProvider.System, say).ForAsync(model, cancellationToken);
        }

        foreach (var @namespace in models.Select(model => model.Namespace).Distinct())
        {
            var path = $"apis/{ModelDeployment.GroupName}/{ModelDeployment.VersionName}/namespaces/{@namespace}/{ModelDeployment.Plural}";
            say($"\n$ kubectl get md --namespace {@namespace}\n{PrintedTable.Of(await client.GetAsync(path, cancellationToken, RawClient.Table))}\n");
        }

        if (models is [var asked] && RequestIn(folders) is { } request)
        {
            say($"prediction: {await FirstPrediction.SendAsync(await FirstPrediction.UrlAsync(client, asked, cancellationToken), request, cancellationToken)}");
        }
    }

    public async Task AdviseAsync(Cluster cluster, IReadOnlyList<AppliedObject> models, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        say($"""

            The cluster is up. In another terminal (without a kubectl of your own: ./build.sh tools puts one into .tools/bin):
              export KUBECONFIG={cluster.KubeconfigPath}
              kubectl get all,md
            Or look at {cluster.PageAddress} in a browser.
            """);
        if (models is [var model])
        {
            var curl = RequestIn(folders) is { } request ? $"\n  curl -d @{request} {await FirstPrediction.UrlAsync(client, model, cancellationToken)}" : "";
            say($"  kubectl describe md {model.Name}{curl}\n  kubectl scale md/{model.Name} --replicas=3\n  kubectl patch md {model.Name} --type=merge -p '{VersionPatch}'");
        }

        say("\nCtrl-C stops it and leaves nothing behind.");
    }

    private static string? RequestIn(IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, FirstPrediction.RequestFile)).FirstOrDefault(File.Exists);
}
