namespace Slipway.EndToEnd.Tests.Images;

/// <summary>What holds for every image of ours.</summary>
[Category("Long")]
internal abstract class ImageTest(string name)
{
    protected static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    protected static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    private static readonly string[] Shells = ["sh", "bash", "dash", "busybox", "apt-get", "apt", "dpkg", "perl"];
    private Image? _image;

    protected Image Image => _image ?? throw new InvalidOperationException("The image is not open.");

    [OneTimeSetUp]
    public async Task Open()
    {
        _image = await ImagesSetUp.Store.OpenAsync(name);
        if (_image.Labels.TryGetValue("dev.slipway.stand-in", out var standIn))
        {
            await TestContext.Out.WriteLineAsync($"{name} is built on a stand-in for {standIn}, which cannot be pulled here.");
        }
    }

    [Test]
    public void It_runs_as_a_numbered_user_and_nobody_but_root_owns_its_files()
    {
        Image.User.Should().Be("65532:65532", "runAsNonRoot can check a number only");

        Image.Files().Where(file => Image.Mode(file).HasFlag(UnixFileMode.OtherWrite)).Should().BeEmpty();
        Image.Files().Where(file => (Image.Mode(file) & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != 0).Should().BeEmpty();
    }

    [Test]
    public void It_has_no_shell_and_no_package_manager() =>
        Image.Files().Select(Path.GetFileName).Should().NotIntersectWith(Shells);

    [Test]
    public void It_holds_its_licence_and_nothing_of_development()
    {
        var files = Image.Files();

        files.Should().Contain("/licenses/LICENSE");
        files.Where(file => file.Contains("DevCluster", StringComparison.OrdinalIgnoreCase) || file.Contains("slipway-dev", StringComparison.Ordinal)
            || file.Contains(".Tests", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal)).Should().BeEmpty();
        files.Should().NotContain(file => file.Contains("/sdk/", StringComparison.Ordinal), "the SDK stays in the first stage");
    }
}
