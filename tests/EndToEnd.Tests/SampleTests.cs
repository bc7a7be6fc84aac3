using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

internal sealed class SampleTests
{
    [TestCaseSource(nameof(Files))]
    public async Task A_sample_is_taken_as_it_is(string file)
    {
        var kubectl = new Kubectl(TestCluster.Kubeconfig, "default");

        var output = await kubectl.RunAsync("apply", "--dry-run=server", "--validate=strict", "-f", Repository.Sample(file));

        output.Should().Contain("(server dry run)");
    }

    /// <summary>Every manifest below <c>samples/</c>, so that one that is added is applied too.</summary>
    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Repository.Sample(""), "*.yaml", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Repository.Sample(""), path)).Order(StringComparer.Ordinal);
}
