using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Images;

/// <summary>A storage of images for one test run, in <c>artifacts/</c>: nothing that a developer has built is touched.</summary>
internal sealed class ImageStore : IDisposable
{
    public const string Tag = "test";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(25);
    private readonly string _folder = Path.Combine(Repository.Root, "artifacts", "image-test");

    public ImageStore()
    {
        // A run that was killed may have left its own.
        Dispose();
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Config, $"""
            [storage]
            driver = "vfs"
            graphroot = "{_folder}/images"
            runroot = "{_folder}/run"
            """);
    }

    private string Config => Path.Combine(_folder, "storage.conf");

    public Task MakeBasesAsync() => RunAsync(Path.Combine(Repository.Root, "build", "image-bases.sh"), "--install");

    public Task BuildAsync() => RunAsync(Path.Combine(Repository.Root, "build.sh"), "images", Tag);

    /// <summary>Unpacks an image and reads how it wants to be run.</summary>
    public async Task<Image> OpenAsync(string name)
    {
        var container = (await RunAsync("buildah", "from", "--pull-never", $"localhost/{name}:{Tag}")).Trim();
        var root = (await RunAsync("buildah", "mount", container)).Trim();
        var config = JsonNode.Parse(await RunAsync("buildah", "inspect", container))!["OCIv1"]!["config"]!;
        return new(
            root,
            (string?)config["User"] ?? "",
            Strings(config["Env"]).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
            Strings(config["Entrypoint"]),
            config["Labels"].Deserialize<Dictionary<string, string>>() ?? []);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static List<string> Strings(JsonNode? node) => node.Deserialize<List<string>>() ?? [];

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["CONTAINERS_STORAGE_CONF"] = Config;
        start.Environment["BUILDAH_ISOLATION"] = "chroot";
        start.Environment["IMAGE_BUILDER"] = "buildah";
        var run = await ProgramRun.ToEndAsync(start, Limit);
        return run.OutputOfSuccess($"{program} {string.Join(' ', arguments)}");
    }
}
