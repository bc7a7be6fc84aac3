using System.CommandLine;
using System.Net.Sockets;
using Slipway.DevCluster.Nodes;

namespace Slipway.DevCluster.Commands;

/// <summary><c>slipway-dev up</c>: a cluster on this machine until Ctrl-C.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var files = new Option<string[]>("-f", "--filename") { Description = "File or directory of manifests to apply; may be given several times.", AllowMultipleArgumentsPerToken = false, DefaultValueFactory = _ => [] };
        var mounts = new Option<string[]>("--mount") { Description = "HOST=PATH: a directory of this machine that every pod sees read-only at PATH.", DefaultValueFactory = _ => [] };
        var data = new Option<string?>("--data-dir") { Description = "Directory for logs and volumes. Default: a temporary one, removed at the end." };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Where to write the kubeconfig. Default: in the data directory." };
        var port = new Option<int>("--port") { Description = "Port of the API server on 127.0.0.1. Default: any free one.", DefaultValueFactory = _ => 0 };
        var page = new Option<int>("--page-port") { Description = "Port of the status page on 127.0.0.1. Default: any free one.", DefaultValueFactory = _ => 0 };
        var once = new Option<bool>("--once") { Description = "Stop as soon as what was applied is ready and, beside a request.json, has answered it." };
        var bare = new Option<bool>("--no-operator") { Description = "Run the cluster alone, without the operator and its definitions." };
        var command = new Command("up", "Run a Kubernetes-compatible cluster with the operator on this machine, until Ctrl-C.") { files, mounts, data, kubeconfig, port, page, once, bare };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetRequiredValue(files),
            result.GetRequiredValue(mounts),
            new()
            {
                DataDirectory = result.GetValue(data),
                KubeconfigPath = result.GetValue(kubeconfig),
                Port = result.GetValue(port),
                PagePort = result.GetValue(page),
                Operator = result.GetValue(bare) ? null : OperatorComposition.Build,
                Progress = Console.WriteLine,
            },
            result.GetValue(once),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] files, string[] mounts, ClusterOptions options, bool once, CancellationToken cancellationToken)
    {
        try
        {
            var manifests = files.SelectMany(Manifests.Read).ToList();
            await using var cluster = await Cluster.StartAsync(options with { Mounts = [.. mounts.Select(HostMount.Parse)] }, cancellationToken);
            using var kubernetes = cluster.Client(Manifests.FieldManager);
            var client = new RawClient(kubernetes);
            var applied = new List<AppliedObject>();
            foreach (var (file, manifest) in manifests)
            {
                applied.Add(await new Manifests(client).ApplyAsync(file, manifest, cancellationToken));
                Console.WriteLine($"Applied {applied[^1]}.");
            }

            var models = applied.Where(known => known.IsModel && options.Operator is not null).ToList();
            var tour = new Tour(client, Console.WriteLine);
            try
            {
                await tour.ShowAsync(models, files, cancellationToken);
            }
            catch (TimeoutException exception) when (!once)
            {
                // What is applied can still be mended by hand.
                await Console.Error.WriteLineAsync(exception.Message.AsMemory(), cancellationToken);
            }

            if (once)
            {
                return 0;
            }

            await tour.AdviseAsync(cluster, models, files, cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            Console.WriteLine("Stopping.");
            return 0;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or FormatException or SocketException or UnauthorizedAccessException or TimeoutException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"slipway-dev: {exception.Message}".AsMemory(), CancellationToken.None);
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }
}
