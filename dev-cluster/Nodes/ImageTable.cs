namespace Slipway.DevCluster.Nodes;

/// <summary>What an image stands for on this machine.</summary>
/// <param name="Name">The image's name: without tag and digest, and matched without its registry and folders too.</param>
internal sealed record Image(string Name)
{
    /// <summary>Absolute path of the entry point; null means that the pod's <c>command</c> names it.</summary>
    public string? Executable { get; init; }

    /// <summary>Arguments when neither <c>command</c> nor <c>args</c> is given.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment variables that get the pod's address, because all pods share the host's network.</summary>
    public IReadOnlyList<string> AddressVariables { get; init; } = [];
}

/// <summary>The images that the node can run: each is an executable of this machine, as nothing is ever pulled.</summary>
internal sealed class ImageTable(IReadOnlyList<Image> images)
{
    /// <summary>Runs the pod's own command from the host's file system.</summary>
    public static Image HostCommands { get; } = new("slipway.dev/test");

    /// <summary>Null means that the table does not know the image.</summary>
    public Image? Find(string reference)
    {
        var name = NameOf(reference);
        return images.FirstOrDefault(image => NameOf(image.Name) == name) ?? images.FirstOrDefault(image => Last(NameOf(image.Name)) == Last(name));
    }

    /// <summary>The sentence of a pull that failed.</summary>
    public string Refusal(string reference) =>
        $"dev-cluster pulls no images and has no executable for \"{reference}\"; it knows {string.Join(", ", images.Select(image => $"\"{image.Name}\""))}.";

    private static string NameOf(string reference)
    {
        var name = reference.Split('@')[0];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }

    private static string Last(string name) => name[(name.LastIndexOf('/') + 1)..];
}
