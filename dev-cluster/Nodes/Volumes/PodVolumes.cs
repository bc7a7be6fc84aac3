using System.Text;
using k8s.Models;
using Slipway.DevCluster.Nodes.Processes;

namespace Slipway.DevCluster.Nodes.Volumes;

/// <summary>The directories behind one pod's volumes, and what is mounted of them where.</summary>
internal sealed class PodVolumes(V1Pod pod, string podAddress, string directory, INodeObjects objects, NodeOptions options, TimeProvider clock)
{
    private const int DirectoryMode = 0b1_111_111_111;

    private readonly PodTokens _tokens = new(pod, objects, clock);
    private readonly string _hosts = Path.Combine(directory, "etc-hosts");

    /// <summary>Makes all volumes, or brings those made from API objects up to date, in place.</summary>
    /// <exception cref="VolumeMissingException">A volume cannot be made now.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await _tokens.RefreshAsync(cancellationToken);
        var made = new VolumeFiles(pod, podAddress, objects, _tokens);
        Directory.CreateDirectory(directory);
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            if (made.Build(volume) is { } files)
            {
                new AtomicDirectory(Source(volume), clock).Write(files);
            }
            else if (volume.EmptyDir is not null)
            {
                Directory.CreateDirectory(Source(volume));
                File.SetUnixFileMode(Source(volume), (UnixFileMode)DirectoryMode & ~UnixFileMode.StickyBit);
            }
            else if (volume.HostPath is null)
            {
                throw new VolumeMissingException($"volume \"{volume.Name}\" has a source that dev-cluster does not offer");
            }
            else if (!Directory.Exists(volume.HostPath.Path))
            {
                throw new VolumeMissingException($"hostPath \"{volume.HostPath.Path}\" of volume \"{volume.Name}\" is no directory of this machine");
            }
        }

        WriteHosts();
    }

    /// <summary>What one container mounts; its termination message goes to <paramref name="terminationLog"/>.</summary>
    public IReadOnlyList<ContainerMount> Mounts(V1Container container, string terminationLog, string? executable)
    {
        var volumes = (pod.Spec.Volumes ?? []).ToDictionary(volume => volume.Name);
        List<ContainerMount> mounts = [.. options.Mounts.Select(mount => new ContainerMount(mount.HostPath, mount.Path, ReadOnly: true))];
        if (executable is not null && Path.GetDirectoryName(executable) is { } folder)
        {
            // The executable's folder may lie where the container has something of its own, such as /tmp.
            mounts.Add(new(folder, folder, ReadOnly: true));
        }

        mounts.Add(new(_hosts, "/etc/hosts", ReadOnly: true, IsFile: true));
        mounts.Add(new(terminationLog, container.TerminationMessagePath ?? "/dev/termination-log", ReadOnly: false, IsFile: true));
        foreach (var mount in container.VolumeMounts ?? [])
        {
            var source = Path.Combine(Source(volumes[mount.Name]), mount.SubPath ?? "");
            if (mount.SubPath is { Length: > 0 } && !File.Exists(source))
            {
                Directory.CreateDirectory(source);
            }

            mounts.Add(new(source, mount.MountPath, ReadOnly: mount.ReadOnlyProperty == true || IsFromObjects(volumes[mount.Name]), IsFile: File.Exists(source)));
        }

        return mounts;
    }

    private static bool IsFromObjects(V1Volume volume) => volume is { ConfigMap: not null } or { Secret: not null } or { Projected: not null } or { DownwardAPI: not null };

    private string Source(V1Volume volume) => volume.HostPath?.Path ?? Path.Combine(directory, "volumes", volume.Name);

    private void WriteHosts()
    {
        var text = HostsFile.Build(pod, podAddress, objects.Services());
        if (!File.Exists(_hosts) || File.ReadAllText(_hosts) != text)
        {
            // In place, never by a rename: the file is mounted into containers.
            File.WriteAllBytes(_hosts, Encoding.UTF8.GetBytes(text));
        }
    }
}
