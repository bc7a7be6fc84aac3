using System.Globalization;
using k8s;
using k8s.Models;
using Slipway.DevCluster.Nodes;
using Slipway.DevCluster.Nodes.Processes;

namespace Slipway.DevCluster.Tests.Nodes;

/// <summary>Real pods: processes in namespaces, through the API server.</summary>
[CancelAfter(120_000)]
internal sealed class PodTests
{
    private const string Namespace = "default";

    private Cluster _cluster = null!;
    private Kubernetes _client = null!;

    [OneTimeSetUp]
    public async Task StartClusterAsync()
    {
        _cluster = await Cluster.StartAsync(
            new() { Operator = null, Images = [ImageTable.HostCommands], Node = node => node with { BackOffBase = TimeSpan.FromMilliseconds(300) } }, CancellationToken.None);
        _client = _cluster.Client("tests");
        await WatchAsync(() => _client.CoreV1.WatchListNamespacedServiceAccountAsync(Namespace), account => account.Metadata.Name == "default", CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopClusterAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task A_pod_sees_its_volumes_at_real_paths_and_cannot_write_its_root(CancellationToken cancellationToken)
    {
        await _client.CoreV1.CreateNamespacedConfigMapAsync(
            new() { Metadata = new() { Name = "settings" }, Data = new Dictionary<string, string> { ["a"] = "hello" } }, Namespace, cancellationToken: cancellationToken);
        var pod = Pod("volumes", "exec > /dev/termination-log 2>/dev/null; cat /etc/settings/a; echo; grep -c localhost /etc/hosts; echo x > /etc/x || echo etc; echo x > /tmp/x || echo tmp; echo x > /data/x && echo data");
        pod.Spec.Volumes = [new() { Name = "settings", ConfigMap = new() { Name = "settings" } }, new() { Name = "data", EmptyDir = new() }];
        pod.Spec.Containers[0].VolumeMounts = [new() { Name = "settings", MountPath = "/etc/settings" }, new() { Name = "data", MountPath = "/data" }];
        pod.Spec.Containers[0].SecurityContext = new() { ReadOnlyRootFilesystem = true };

        await CreateAsync(pod, cancellationToken);
        var done = await WaitAsync("volumes", found => found.Status?.Phase == "Succeeded", cancellationToken);

        Container(done)!.State.Terminated.Message.Should().Be("hello\n1\netc\ntmp\ndata\n");
        File.Exists("/etc/x").Should().BeFalse();
    }

    [Test]
    public async Task A_config_map_volume_changes_in_place(CancellationToken cancellationToken)
    {
        await _client.CoreV1.CreateNamespacedConfigMapAsync(
            new() { Metadata = new() { Name = "live" }, Data = new Dictionary<string, string> { ["a"] = "1" } }, Namespace, cancellationToken: cancellationToken);
        var pod = Pod("live", "until [ \"$(cat /live/a)\" = 2 ]; do sleep 0.05; done; echo seen > /dev/termination-log");
        pod.Spec.Volumes = [new() { Name = "live", ConfigMap = new() { Name = "live" } }];
        pod.Spec.Containers[0].VolumeMounts = [new() { Name = "live", MountPath = "/live" }];
        await CreateAsync(pod, cancellationToken);
        await WaitAsync("live", found => found.Status?.Phase == "Running", cancellationToken);

        await _client.CoreV1.PatchNamespacedConfigMapAsync(new V1Patch("""{"data":{"a":"2"}}""", V1Patch.PatchType.MergePatch), "live", Namespace, cancellationToken: cancellationToken);

        var done = await WaitAsync("live", found => found.Status?.Phase == "Succeeded", cancellationToken);
        done.Status.ContainerStatuses[0].State.Terminated.Message.Should().Be("seen\n");
    }

    [Test]
    public async Task A_killed_process_is_a_crash_that_is_restarted_with_backoff(CancellationToken cancellationToken)
    {
        var pod = Pod("crash", "kill -9 $PPID 2>/dev/null; echo dead >&2; exit 3");
        pod.Spec.RestartPolicy = "Always";
        pod.Spec.Containers[0].TerminationMessagePolicy = "FallbackToLogsOnError";
        await CreateAsync(pod, cancellationToken);

        var waiting = await WaitAsync("crash", found => Container(found)?.State?.Waiting?.Reason == "CrashLoopBackOff", cancellationToken);

        Container(waiting)!.LastState.Terminated.ExitCode.Should().Be(3);
        Container(waiting)!.LastState.Terminated.Reason.Should().Be("Error");
        Container(waiting)!.LastState.Terminated.Message.Should().Be("dead\n");
        Container(waiting)!.RestartCount.Should().BePositive();
        waiting.Status.Phase.Should().Be("Running");
    }

    [Test]
    public async Task A_process_killed_from_outside_ends_its_container_with_137(CancellationToken cancellationToken)
    {
        var pod = Pod("outside", "sleep 4321; exit 0");
        pod.Spec.Containers[0].ReadinessProbe = new() { Exec = new() { Command = ["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep -qx '432[1]'"] }, PeriodSeconds = 1 };
        await CreateAsync(pod, cancellationToken);
        await WaitAsync("outside", found => Container(found)?.Ready == true, cancellationToken);

        Signals.Send(ParentOf("4321"), Signals.Kill).Should().BeTrue();

        var failed = await WaitAsync("outside", found => found.Status?.Phase == "Failed", cancellationToken);
        Container(failed)!.State.Terminated.ExitCode.Should().Be(137);
        Processes("4321").Should().BeEmpty();
    }

    [Test]
    public async Task A_deleted_pod_leaves_no_process_and_its_object_goes(CancellationToken cancellationToken)
    {
        var pod = Pod("stubborn", "trap '' TERM; sleep 5432 & while :; do wait; done");
        pod.Spec.TerminationGracePeriodSeconds = 1;
        var made = await CreateAsync(pod, cancellationToken);
        await WaitAsync("stubborn", found => found.Status?.Phase == "Running", cancellationToken);

        await _client.CoreV1.DeleteNamespacedPodAsync("stubborn", Namespace, cancellationToken: cancellationToken);

        await GoneAsync(made, cancellationToken);
        Processes("5432").Should().BeEmpty();
    }

    [Test]
    public async Task Readiness_follows_the_probe_and_liveness_restarts(CancellationToken cancellationToken)
    {
        var pod = Pod("probed", "touch /tmp/ready; sleep 6543");
        pod.Spec.RestartPolicy = "Always";
        pod.Spec.TerminationGracePeriodSeconds = 1;
        pod.Spec.Containers[0].ReadinessProbe = new() { Exec = new() { Command = ["cat", "/tmp/ready"] }, PeriodSeconds = 1 };
        pod.Spec.Containers[0].LivenessProbe = new() { Exec = new() { Command = ["sh", "-c", "! test -e /tmp/sick"] }, PeriodSeconds = 1, FailureThreshold = 1, InitialDelaySeconds = 3 };
        pod.Spec.Containers[0].Command = ["sh", "-c", "touch /tmp/ready; (sleep 2; touch /tmp/sick) & sleep 6543"];
        await CreateAsync(pod, cancellationToken);

        var ready = await WaitAsync("probed", found => found.Status?.Conditions?.Any(condition => condition.Type == "Ready" && condition.Status == "True") == true, cancellationToken);
        ready.Status.PodIP.Should().StartWith("127.64.");
        var restarted = await WaitAsync("probed", found => Container(found)?.RestartCount > 0, cancellationToken);
        Container(restarted)!.LastState.Terminated.ExitCode.Should().Be(137);
        await _client.CoreV1.DeleteNamespacedPodAsync("probed", Namespace, cancellationToken: cancellationToken);
    }

    [Test]
    public async Task An_unknown_image_waits_with_a_message_that_names_it(CancellationToken cancellationToken)
    {
        var pod = Pod("unknown", "true");
        pod.Spec.Containers[0].Image = "docker.io/library/nginx:1";
        await CreateAsync(pod, cancellationToken);

        var waiting = await WaitAsync("unknown", found => Container(found)?.State?.Waiting?.Reason == "ImagePullBackOff", cancellationToken);

        Container(waiting)!.State.Waiting.Message.Should().Contain("docker.io/library/nginx:1").And.Contain("slipway.dev/test");
        waiting.Status.Phase.Should().Be("Pending");
    }

    [Test]
    public async Task A_job_runs_to_its_end_and_its_running_pods_go_with_it(CancellationToken cancellationToken)
    {
        await CreateAsync(Job("works", "true", completions: 2), cancellationToken);
        var endless = await CreateAsync(Job("endless", "exec sleep 7654", completions: 1), cancellationToken);

        await WatchAsync(
            () => _client.BatchV1.WatchListNamespacedJobAsync(Namespace, fieldSelector: "metadata.name=works", cancellationToken: cancellationToken),
            found => found.Status?.Conditions?.Any(condition => condition.Type == "Complete") == true && found.Status.Succeeded == 2,
            cancellationToken);
        var running = await WatchAsync(
            () => _client.CoreV1.WatchListNamespacedPodAsync(Namespace, labelSelector: "job-name=endless", cancellationToken: cancellationToken), found => found.Status?.Phase == "Running", cancellationToken);
        await _client.BatchV1.DeleteNamespacedJobAsync(endless.Metadata.Name, Namespace, new V1DeleteOptions { PropagationPolicy = "Background" }, cancellationToken: cancellationToken);

        await GoneAsync(running, cancellationToken);
        Processes("7654").Should().BeEmpty();
    }

    private static V1Job Job(string name, string script, int completions) => new()
    {
        Metadata = new() { Name = name },
        Spec = new()
        {
            Completions = completions,
            Template = new()
            {
                Spec = new() { RestartPolicy = "Never", TerminationGracePeriodSeconds = 1, Containers = [new() { Name = "main", Image = "slipway.dev/test", Command = ["sh", "-c", script] }] },
            },
        },
    };

    private static V1Pod Pod(string name, string script) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new() { Name = name },
        Spec = new() { NodeName = NodeOptions.DefaultName, RestartPolicy = "Never", Containers = [new() { Name = "main", Image = "slipway.dev/test", Command = ["sh", "-c", script] }] },
    };

    private static V1ContainerStatus? Container(V1Pod pod) => pod.Status?.ContainerStatuses?.FirstOrDefault();

    private Task<V1Pod> CreateAsync(V1Pod pod, CancellationToken cancellationToken) =>
        _client.CoreV1.CreateNamespacedPodAsync(pod, Namespace, cancellationToken: cancellationToken);

    private Task<V1Job> CreateAsync(V1Job job, CancellationToken cancellationToken) =>
        _client.BatchV1.CreateNamespacedJobAsync(job, Namespace, cancellationToken: cancellationToken);

    private Task<V1Pod> WaitAsync(string name, Func<V1Pod, bool> condition, CancellationToken cancellationToken) => WatchAsync(
        () => _client.CoreV1.WatchListNamespacedPodAsync(Namespace, fieldSelector: $"metadata.name={name}", cancellationToken: cancellationToken), condition, cancellationToken);

    private async Task GoneAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        await foreach (var (type, found) in _client.CoreV1.WatchListNamespacedPodAsync(Namespace, resourceVersion: pod.Metadata.ResourceVersion, cancellationToken: cancellationToken))
        {
            if (type == WatchEventType.Deleted && found.Metadata.Uid == pod.Metadata.Uid)
            {
                return;
            }
        }
    }

    private static async Task<T> WatchAsync<T>(Func<IAsyncEnumerable<(WatchEventType Type, T Item)>> watch, Func<T, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await foreach (var (_, item) in watch().WithCancellation(cancellationToken))
            {
                if (condition(item))
                {
                    return item;
                }
            }
        }
    }

    /// <summary>Processes of the machine that run <c>sleep</c> with this argument.</summary>
    private static List<int> Processes(string argument) =>
    [
        .. Directory.GetDirectories("/proc")
            .Where(directory => int.TryParse(Path.GetFileName(directory), out _) && CommandLine(directory) == $"sleep\0{argument}\0")
            .Select(directory => int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture)),
    ];

    private static int ParentOf(string argument)
    {
        var child = Processes(argument).Single();
        var fields = File.ReadAllText($"/proc/{child}/stat").Split(") ")[1].Split(' ');
        return int.Parse(fields[1], CultureInfo.InvariantCulture);
    }

    private static string CommandLine(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, "cmdline"));
        }
        catch (IOException)
        {
            // The process ended meanwhile.
            return "";
        }
    }
}
