using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Tables;

namespace Slipway.DevCluster.Tests.ApiServer.Tables;

public sealed class TableAnswerTests
{
    private static readonly ResourceDefinition Pods = BuiltInResources.All().Single(definition => definition.Kind == "Pod");

    [Test]
    public void A_crashing_pod_shows_its_reason_and_restarts() => Cells(
        """
        {"metadata":{"name":"p"},"spec":{"containers":[{}],"nodeName":"n"},"status":{"phase":"Running","containerStatuses":[
          {"restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"finishedAt":"1969-12-31T23:59:30Z"}}}]}}
        """).Should().StartWith(["p", "0/1", "CrashLoopBackOff", "2 (30s ago)", "<unknown>"]);

    [Test]
    public void A_pod_that_is_being_deleted_is_terminating() =>
        Cells("""{"metadata":{"name":"p","deletionTimestamp":"1970-01-01T00:00:00Z"},"spec":{"containers":[]},"status":{"phase":"Running"}}""")[2].Should().Be("Terminating");

    [Test]
    public void Later_events_of_a_watch_leave_the_columns_out()
    {
        JsonObject table = TableAnswer.Of(Pods, Pods.NewObject(), TableRows.None, "v1", withColumns: false, DateTimeOffset.UnixEpoch);
        table.ContainsKey("columnDefinitions").Should().BeTrue();
        table["columnDefinitions"].Should().BeNull();
    }

    private static string?[] Cells(string pod)
    {
        JsonObject table = TableAnswer.Of(Pods, JsonNode.Parse(pod)!.AsObject(), TableRows.None, "v1", withColumns: true, DateTimeOffset.UnixEpoch);
        return [.. table["rows"]![0]!["cells"]!.AsArray().Select(cell => cell?.ToString())];
    }
}
