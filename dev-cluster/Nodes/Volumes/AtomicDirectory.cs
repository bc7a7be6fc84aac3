using System.Globalization;
using System.Runtime.InteropServices;

namespace Slipway.DevCluster.Nodes.Volumes;

/// <summary>
/// A directory whose files change all at once, as Kubernetes keeps ConfigMap volumes: files live in a dated directory, <c>..data</c> links to
/// it and is swapped by one rename, and the names that users read link through <c>..data</c>.
/// </summary>
internal sealed class AtomicDirectory(string path, TimeProvider clock)
{
    private const string Data = "..data";
    private const string NewData = "..data_tmp";

    /// <summary>Makes the directory hold exactly these files; does nothing when it does already. True when something changed.</summary>
    public bool Write(IReadOnlyList<VolumeFile> files)
    {
        Directory.CreateDirectory(path);
        var current = new DirectoryInfo(Path.Combine(path, Data)).LinkTarget;
        if (current is not null && Same(Path.Combine(path, current), files))
        {
            return false;
        }

        var next = string.Create(CultureInfo.InvariantCulture, $"..{clock.GetUtcNow():yyyy_MM_dd_HH_mm_ss}.{clock.GetTimestamp()}");
        foreach (var file in files)
        {
            var target = Path.Combine(path, next, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, file.Content.Span);
            File.SetUnixFileMode(target, (UnixFileMode)(file.Mode & 0b111_111_111));
        }

        Directory.CreateDirectory(Path.Combine(path, next));
        var link = Path.Combine(path, NewData);
        File.Delete(link);
        File.CreateSymbolicLink(link, next);
        if (NativeRename(link, Path.Combine(path, Data)) != 0)
        {
            throw new IOException($"The link \"{Path.Combine(path, Data)}\" could not be swapped: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        LinkNames(files);
        if (current is not null)
        {
            Directory.Delete(Path.Combine(path, current), recursive: true);
        }

        return true;
    }

    /// <summary>File.Move follows the link that it should replace, and then finds a directory.</summary>
    [DllImport("libc", EntryPoint = "rename", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeRename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    private static bool Same(string directory, IReadOnlyList<VolumeFile> files)
    {
        var there = Directory.Exists(directory) ? Directory.GetFiles(directory, "*", SearchOption.AllDirectories) : [];
        return there.Length == files.Count && files.All(file =>
        {
            var name = Path.Combine(directory, file.Path);
            return File.Exists(name) && File.GetUnixFileMode(name) == (UnixFileMode)(file.Mode & 0b111_111_111) && File.ReadAllBytes(name).AsSpan().SequenceEqual(file.Content.Span);
        });
    }

    private void LinkNames(IReadOnlyList<VolumeFile> files)
    {
        var wanted = files.Select(file => file.Path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith("..", StringComparison.Ordinal)))
        {
            if (!wanted.Remove(entry.Name))
            {
                entry.Delete();
            }
        }

        foreach (var name in wanted)
        {
            File.CreateSymbolicLink(Path.Combine(path, name), $"{Data}/{name}");
        }
    }
}
