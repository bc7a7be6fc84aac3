using System.Diagnostics;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Images;

/// <summary>An image's entry point, run as a pod would run it.</summary>
/// <param name="mounts">Folders of this machine, by the path that they have in the image.</param>
/// <param name="environment">On top of the image's own.</param>
internal sealed class ImageProcess(
    Image image, IReadOnlyDictionary<string, string> mounts, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    : BackgroundProcess(Start(image, mounts, environment, arguments))
{
    /// <summary>A line of <c>/proc/PID/status</c>, as <c>Uid</c>.</summary>
    public string[] Status(string name) => File.ReadLines($"/proc/{Id}/status")
        .Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal)).Split('\t', StringSplitOptions.RemoveEmptyEntries)[1..];

    private static ProcessStartInfo Start(
        Image image, IReadOnlyDictionary<string, string> mounts, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        string[] command =
        [
            "--mount", Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "Images", "run-image.sh"), image.Root, image.User,
            .. mounts.SelectMany(mount => new[] { mount.Value, mount.Key }), "--", .. image.Entrypoint, .. arguments,
        ];
        var start = new ProcessStartInfo("unshare", command);
        start.Environment.Clear();
        foreach (var (name, value) in image.Environment.Concat(environment))
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
