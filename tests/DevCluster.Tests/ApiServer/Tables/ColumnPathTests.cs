using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Tables;

namespace Slipway.DevCluster.Tests.ApiServer.Tables;

public sealed class ColumnPathTests
{
    private static readonly JsonNode Root = JsonNode.Parse(
        """{"metadata":{"annotations":{"a.b/c":"x"}},"status":{"conditions":[{"type":"A","status":"no"},{"type":"Ready","status":"yes"}]},"n":[1,2,3]}""")!;

    [TestCase(".status.conditions[?(@.type==\"Ready\")].status", "yes")]
    [TestCase(".status.conditions[?(@.type!='Ready')].status", "no")]
    [TestCase(".metadata.annotations.a\\.b/c", "x")]
    [TestCase(".metadata.annotations['a.b/c']", "x")]
    [TestCase(".n[0]", "1")]
    [TestCase(".n[-1]", "3")]
    [TestCase(".n[*]", "1 2 3")]
    [TestCase(".n[?(@>1)]", "2 3")]
    [TestCase(".absent.deeper", "")]
    [TestCase("not a path", "")]
    public void A_path_finds_its_values(string path, string found) => string.Join(' ', ColumnPath.Parse(path).Find(Root)).Should().Be(found);
}
