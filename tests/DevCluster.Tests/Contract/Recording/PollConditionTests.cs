using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Recording;

public sealed class PollConditionTests
{
    [TestCase("""{"path":"items.len()","equals":2}""", true)]
    [TestCase("""{"path":"items.len()","equals":3}""", false)]
    [TestCase("""{"path":"none.len()","equals":0}""", true)]
    [TestCase("""{"path":"items.0.name","equals":"a"}""", true)]
    [TestCase("""{"path":"status.conditions.type=Ready.status","equals":"True"}""", true)]
    [TestCase("""{"path":"status.conditions.type=Other.status","equals":"True"}""", false)]
    [TestCase("""{"path":"status.replicas","equals":null}""", true)]
    [TestCase("""{"path":"status.conditions","equals":null}""", false)]
    [TestCase("""{"path":"status.conditions","exists":true}""", true)]
    [TestCase("""{"path":"status.replicas","exists":true}""", false)]
    [TestCase("""{"status":200}""", true)]
    [TestCase("""{"status":404}""", false)]
    public void A_condition_is_read_from_status_or_body(string condition, bool holds)
    {
        JsonNode body = JsonNode.Parse("""{"items":[{"name":"a"},{"name":"b"}],"none":null,"status":{"conditions":[{"type":"Ready","status":"True"}]}}""")!;
        PollCondition.Parse(JsonNode.Parse(condition)!).Holds(200, body).Should().Be(holds);
    }
}
