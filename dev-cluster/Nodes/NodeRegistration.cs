using System.Net;
using System.Runtime.InteropServices;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.DevCluster.Nodes;

/// <summary>Makes the one Node object, Ready, with what the machine has.</summary>
internal sealed class NodeRegistration(IKubernetes api, NodeOptions options, TimeProvider clock, ILogger<NodeRegistration> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await RegisterAsync(stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested && exception is HttpOperationException or HttpRequestException)
            {
                Log.NodeNotRegistered(logger, options.Name, exception.Message);
                await Task.Delay(Retry, clock, stoppingToken);
            }
        }
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        var node = Build();
        try
        {
            await api.CoreV1.CreateNodeAsync(node, fieldManager: "kubelet", cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.Conflict)
        {
            return;
        }

        // A create drops the status of kinds that have the subresource.
        await api.CoreV1.PatchNodeStatusAsync(
            new V1Patch(KubernetesJson.Serialize(new V1Node { Status = node.Status }), V1Patch.PatchType.MergePatch),
            options.Name,
            fieldManager: "kubelet",
            cancellationToken: cancellationToken);
    }

    private V1Node Build()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var capacity = NodeCapacity.Measure();
        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        return new()
        {
            ApiVersion = "v1",
            Kind = "Node",
            Metadata = new()
            {
                Name = options.Name,
                Labels = new Dictionary<string, string>
                {
                    ["kubernetes.io/hostname"] = options.Name,
                    ["kubernetes.io/os"] = "linux",
                    ["kubernetes.io/arch"] = architecture,
                },
            },
            Spec = new(),
            Status = new()
            {
                Capacity = capacity,
                Allocatable = capacity,
                Addresses = [new() { Type = "InternalIP", Address = Pods.PodStatusBuilder.HostAddress }, new() { Type = "Hostname", Address = options.Name }],
                Conditions =
                [
                    Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now),
                    Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now),
                    Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now),
                    Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", now),
                ],
                NodeInfo = new()
                {
                    Architecture = architecture,
                    OperatingSystem = "linux",
                    KernelVersion = System.Environment.OSVersion.Version.ToString(),
                    OsImage = RuntimeInformation.OSDescription,
                    ContainerRuntimeVersion = "slipway-dev://processes",
                    KubeletVersion = "v1.36.2",
                    KubeProxyVersion = "",
                    BootID = "",
                    MachineID = "",
                    SystemUUID = "",
                },
            },
        };
    }

    private static V1NodeCondition Condition(string type, string status, string reason, string message, DateTime now) =>
        new() { Type = type, Status = status, Reason = reason, Message = message, LastHeartbeatTime = now, LastTransitionTime = now };
}
