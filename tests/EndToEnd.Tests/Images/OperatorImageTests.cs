using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Images;

[OwnCluster(OwnClusterAttribute.Processes)]
internal sealed class OperatorImageTests() : ImageTest("slipway-operator")
{
    [Test]
    public async Task It_prints_its_help()
    {
        using var help = new ImageProcess(Image, Nothing, Nothing, "--help");

        (await help.ExitCodeAsync(Limit)).Should().Be(0, help.Output);

        help.Output.Should().Contain("run").And.Contain("generate");
    }

    [Test]
    public async Task It_is_made_of_this_source()
    {
        const string Definition = "crds/slipway.dev_modeldeployments.yaml";
        using var folder = new SharedFolder();
        using var generate = new ImageProcess(Image, new Dictionary<string, string> { ["/out"] = folder.Path }, Nothing, "generate", "--output", "/out");

        (await generate.ExitCodeAsync(Limit)).Should().Be(0, generate.Output);

        (await File.ReadAllTextAsync(Path.Combine(folder.Path, Definition))).Should().Be(await File.ReadAllTextAsync(Path.Combine(Repository.Root, Definition)));
    }

    [Test]
    public async Task Without_a_cluster_it_says_so_and_fails()
    {
        using var run = new ImageProcess(Image, Nothing, Nothing, "run", "--kubeconfig", "/no/such/file");

        (await run.ExitCodeAsync(Limit)).Should().Be(1, run.Output);

        run.Output.Trim().Should().StartWith("slipway-operator: ").And.NotContain("   at ");
    }
}
