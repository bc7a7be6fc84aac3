using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using k8s;
using Slipway.DevCluster.Commands;

namespace Slipway.Benchmarks.Fleet;

/// <summary>
/// The reference: applies what <c>slipway-operator render</c> makes of each ModelDeployment, some of them at the same time, and looks at nothing. It
/// runs in a process of its own, as the operator does.
/// </summary>
internal static class BareClient
{
    public const string Agent = "bare";

    /// <summary>Runs it to its end.</summary>
    public static async Task ApplyAsync(FleetApi api, int models, CancellationToken cancellationToken)
    {
        var manifest = Path.GetTempFileName() + ".yaml";
        try
        {
            await File.WriteAllTextAsync(manifest, await RenderAsync(cancellationToken), cancellationToken);
            await RunAsync(Environment.ProcessPath!, ["apply", api.Kubeconfig, manifest, models.ToString(CultureInfo.InvariantCulture)], null, cancellationToken);
        }
        finally
        {
            File.Delete(manifest);
        }
    }

    /// <summary>The process itself.</summary>
    public static async Task<int> RunAsync(string kubeconfig, string manifest, int models, CancellationToken cancellationToken)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        configuration.UserAgent = Agent;
        using var client = new Kubernetes(configuration);
        var children = Manifests.Read(manifest).Select(read => (Path: PathOf(read.Object), Text: read.Object.ToJsonString())).ToList();
        await Parallel.ForEachAsync(Enumerable.Range(0, models), new ParallelOptions { MaxDegreeOfParallelism = FleetOperator.Workers, CancellationToken = cancellationToken }, async (number, token) =>
        {
            foreach (var (path, text) in children)
            {
                await ApplyAsync(client, Of(number, path), Of(number, text), token);
            }
        });
        return 0;
    }

    private static string Of(int number, string text) => text.Replace(FleetApi.Name(0), FleetApi.Name(number), StringComparison.Ordinal);

    private static async Task ApplyAsync(Kubernetes client, string path, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(client.BaseUri, $"{path}?fieldManager={Agent}&force=true")) { Version = System.Net.HttpVersion.Version20 };
        request.Content = new StringContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/apply-patch+yaml");
        await client.Credentials.ProcessHttpRequestAsync(request, cancellationToken);
        using var response = await client.HttpClient.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static string PathOf(JsonObject child)
    {
        var version = (string)child["apiVersion"]!;
        var plural = ((string)child["kind"]!).ToLowerInvariant() + "s";
        return $"{(version.Contains('/', StringComparison.Ordinal) ? "apis" : "api")}/{version}/namespaces/{FleetApi.Namespace}/{plural}/{(string)child["metadata"]!["name"]!}";
    }

    /// <summary>Number of children that the operator makes of one ModelDeployment.</summary>
    public static async Task<int> ChildrenAsync(CancellationToken cancellationToken) =>
        (await RenderAsync(cancellationToken)).Split('\n').Count(line => line.StartsWith("kind: ", StringComparison.Ordinal));

    private static Task<string> RenderAsync(CancellationToken cancellationToken) =>
        RunAsync(FleetOperator.Program, ["render", "-f", "-"], FleetApi.Model(0).ToJsonString(), cancellationToken);

    private static async Task<string> RunAsync(string program, string[] arguments, string? input, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        }

        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}.");
    }
}
