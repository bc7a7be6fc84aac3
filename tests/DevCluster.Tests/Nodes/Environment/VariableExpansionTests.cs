using Slipway.DevCluster.Nodes.Environment;

namespace Slipway.DevCluster.Tests.Nodes.Environment;

internal sealed class VariableExpansionTests
{
    [TestCase("$(A)-$(A)", "x-x")]
    [TestCase("$$(A)", "$(A)")]
    [TestCase("$(UNKNOWN) $(A", "$(UNKNOWN) $(A")]
    [TestCase("cost $5$", "cost $5$")]
    public void References_are_expanded_as_Kubernetes_does(string text, string expected) =>
        VariableExpansion.Expand(text, new Dictionary<string, string> { ["A"] = "x" }).Should().Be(expected);
}
