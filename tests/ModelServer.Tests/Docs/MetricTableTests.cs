using System.Reflection;
using System.Text.RegularExpressions;
using Slipway.Api;
using Slipway.ModelServer.Tests.Samples;

namespace Slipway.ModelServer.Tests.Docs;

/// <summary>The table of series in the server's reference.</summary>
internal sealed partial class MetricTableTests
{
    [Test]
    public void The_reference_lists_every_series_that_the_server_tells_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(FraudDetectionSample.Root, "docs", "reference", "model-server.md"));
        var section = page.Split("\n### ").Single(section => section.StartsWith("`/metrics`", StringComparison.Ordinal));
        var listed = Row().Matches(section).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);

        // Those for scaling are made of the others in Prometheus.
        var told = typeof(ServerContract.Metrics).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral && !field.Name.StartsWith("Scaling", StringComparison.Ordinal))
            .Select(field => (string)field.GetRawConstantValue()!);

        listed.Keys.Should().BeEquivalentTo(told);
        listed.Where(row => row.Key.EndsWith("_total", StringComparison.Ordinal)).Should().OnlyContain(row => row.Value == "counter");
    }

    [GeneratedRegex(@"^\| `(slipway_[a-z_]+)` \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
