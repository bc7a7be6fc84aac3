using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Text.RegularExpressions;
using k8s;
using k8s.Exceptions;
using Microsoft.Extensions.Options;
using Slipway.Api;
using Slipway.Operator.Monitoring;
using Slipway.Runtime;
using YamlDotNet.Core;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway-operator run</c>: the operator itself, until it is told to stop.</summary>
internal static partial class RunCommand
{
    public static Command Create()
    {
        var kubeconfig = new Option<FileInfo?>("--kubeconfig") { Description = "Path of a kubeconfig. Default: the pod's ServiceAccount, else KUBECONFIG or ~/.kube/config." };
        var namespaces = new Option<string[]>("--watch-namespaces")
        {
            Description = "Watch these namespaces alone, separated by commas. Default: all.",
            DefaultValueFactory = _ => [],
            CustomParser = WatchNamespaces,
        };
        var image = new Option<string>("--server-image") { Description = "Image of pods whose spec names none.", DefaultValueFactory = _ => OperatorOptions.DefaultServerImage };
        var listen = new Option<IPEndPoint>("--listen")
        {
            Description = $"Address and port of /metrics, /healthz and /readyz. Default: port 8080 of {ServerContract.BindAddressVariable}, else of all addresses.",
            DefaultValueFactory = _ => new(
                IPAddress.TryParse(Environment.GetEnvironmentVariable(ServerContract.BindAddressVariable), out var own) ? own : IPAddress.Any, 8080),
            CustomParser = result =>
            {
                // A bare number is an address too, and an address alone has port 0: neither is what its writer meant.
                if (IPEndPoint.TryParse(result.Tokens[0].Value, out var endpoint) && result.Tokens[0].Value.EndsWith($":{endpoint.Port}", StringComparison.Ordinal))
                {
                    return endpoint;
                }

                result.AddError($"--listen: '{result.Tokens[0].Value}' is not an address and port such as 0.0.0.0:8080.");
                return null;
            },
        };
        var workers = new Option<int>("--workers") { Description = "ModelDeployments that are reconciled at the same time, 1 to 64.", DefaultValueFactory = _ => 4 };
        workers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 64)
            {
                result.AddError("--workers must be from 1 to 64.");
            }
        });
        var upgrades = new Option<int>("--upgrade-concurrency")
        {
            Description = "Models that get what only the operator changed, as its default image, at the same time, 1 to 1000.",
            DefaultValueFactory = _ => 5,
        };
        upgrades.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--upgrade-concurrency must be from 1 to 1000.");
            }
        });
        var prometheus = new Option<string>("--prometheus-url") { Description = "Prometheus that KEDA asks for models that name none, as http://prometheus.monitoring:9090.", DefaultValueFactory = _ => "" };
        prometheus.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { Length: > 0 } url && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                result.AddError($"--prometheus-url: '{url}' is not an address such as http://prometheus.monitoring:9090.");
            }
        });
        var runbooks = new Option<string>("--runbook-url") { Description = $"Address of the runbook that an alert leads to; {Alert.NameInRunbook} stands for the alert's name.", DefaultValueFactory = _ => Alert.Runbook };
        runbooks.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } url && !(AddressOfRunbooks().IsMatch(url) && Uri.TryCreate(url, UriKind.Absolute, out _)))
            {
                result.AddError($"--runbook-url: '{url}' is not an address such as https://wiki.acme.example/runbooks/{Alert.NameInRunbook}.");
            }
        });
        var podTemplate = new Option<bool>("--allow-pod-template") { Description = "Whether ModelDeployments may use spec.podTemplate.", DefaultValueFactory = _ => true };
        var allowedImages = new Option<string[]>("--allowed-images")
        {
            Description = "Images that pods may have besides the server image, separated by commas: repositories, or with a slash at the end all below. Default: every image.",
            DefaultValueFactory = _ => [],
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        };
        var logLevel = new Option<LogLevel>("--log-level") { Description = "Least level of messages that are logged.", DefaultValueFactory = _ => LogLevel.Information };

        var command = new Command("run", "Watch ModelDeployments and bring the cluster to what they ask for.") { kubeconfig, namespaces, image, listen, workers, upgrades, prometheus, runbooks, podTemplate, allowedImages, logLevel };
        var election = new LeaderElectionArguments();
        election.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                var configuration = Configuration(result.GetValue(kubeconfig));
                return await RunAsync(
                    new()
                    {
                        Kubernetes = configuration,
                        PodNamespace = result.GetValue(kubeconfig) is null && KubernetesClientConfiguration.IsInCluster() ? configuration.Namespace ?? "" : "",
                        PrometheusUrl = result.GetRequiredValue(prometheus),
                        RunbookUrl = result.GetRequiredValue(runbooks),
                        WatchNamespaces = result.GetRequiredValue(namespaces),
                        ServerImage = result.GetRequiredValue(image),
                        Listen = result.GetRequiredValue(listen),
                        Workers = result.GetRequiredValue(workers),
                        UpgradeConcurrency = result.GetRequiredValue(upgrades),
                        Restrictions = new() { AllowPodTemplate = result.GetValue(podTemplate), AllowedImages = result.GetRequiredValue(allowedImages) },
                        LogLevel = result.GetRequiredValue(logLevel),
                        Lease = election.Lease(result),
                    },
                    cancellationToken);
            }
            catch (Exception exception) when (exception is KubeConfigException or IOException or YamlException or OptionsValidationException)
            {
                await Console.Error.WriteLineAsync($"slipway-operator: {exception.Message}".AsMemory(), cancellationToken);
                return 1;
            }
        });
        return command;
    }

    private static string[] WatchNamespaces(ArgumentResult result)
    {
        string[] names = [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))];
        if (Array.Find(names, name => !NamespaceName().IsMatch(name)) is { } wrong)
        {
            result.AddError($"--watch-namespaces: '{wrong}' is no name of a namespace; give names such as payments,search.");
        }

        return names;
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex NamespaceName();

    [GeneratedRegex($@"^{Alert.RunbookPattern}\z")]
    private static partial Regex AddressOfRunbooks();

    private static KubernetesClientConfiguration Configuration(FileInfo? kubeconfig)
    {
        var configuration = kubeconfig is null ? KubernetesClientConfiguration.BuildDefaultConfig() : KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        configuration.UserAgent = $"{OperatorHost.UserAgent}/{OperatorOptions.Version}";
        return configuration;
    }

    private static async Task<int> RunAsync(OperatorOptions options, CancellationToken cancellationToken)
    {
        await using var app = OperatorHost.Build(options);
        var scope = options.WatchNamespaces.Count > 0 ? string.Join(", ", options.WatchNamespaces) : "all namespaces";
        var logger = app.Services.GetRequiredService<ILogger<ModelDeploymentController>>();
        Log.Started(logger, scope, options.ServerImage);
        // Resolved now, because running ends with the disposal of everything.
        var leadership = app.Services.GetRequiredService<ILeaderStatus>();
        await app.RunAsync(cancellationToken);
        return leadership.IsLost ? 1 : 0;
    }
}
