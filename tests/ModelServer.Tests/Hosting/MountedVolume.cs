using System.Runtime.InteropServices;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>A folder as the kubelet mounts a Secret or ConfigMap: each state in a folder of its own, a link that is moved from one to the next in one step.</summary>
internal sealed class MountedVolume(string directory)
{
    private int _state;

    /// <summary>Makes the folder when it is not there yet.</summary>
    public void Replace(params (string Key, string Value)[] content)
    {
        var state = Directory.CreateDirectory(Path.Combine(directory, $"..state_{++_state}"));
        foreach (var (key, value) in content)
        {
            File.WriteAllText(Path.Combine(state.FullName, key), $"{value}\n");
        }

        var next = Path.Combine(directory, "..data_tmp");
        Directory.CreateSymbolicLink(next, state.Name);
        Rename(next, Path.Combine(directory, "..data")).Should().Be(0);
        foreach (var (key, _) in content.Where(file => !Path.Exists(Path.Combine(directory, file.Key))))
        {
            File.CreateSymbolicLink(Path.Combine(directory, key), Path.Combine("..data", key));
        }

        foreach (var old in new DirectoryInfo(directory).GetDirectories("..state_*").Where(old => old.Name != state.Name))
        {
            old.Delete(recursive: true);
        }
    }

    // The framework's move refuses to replace a link to a folder, which is the one step that this is about.
    [DllImport("libc", EntryPoint = "rename", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Rename(string from, string to);
}
