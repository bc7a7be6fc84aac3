using System.Net;
using System.Text.Json.Nodes;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

[CancelAfter(60_000)]
internal sealed class StatisticsTests
{
    [TestCase("/v2/models/stats")]
    [TestCase("/v2/models/m/stats")]
    [TestCase("/v2/models/m/versions/1/stats")]
    public async Task Requests_rows_and_runs_are_told(string path, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Double(), cancellationToken);
        await server.InferAsync(Request(rows: 1), cancellationToken);
        await server.InferAsync(Request(rows: 5), cancellationToken);
        await server.InferAsync("{}", cancellationToken);

        var stats = await ReadAsync(server, path, sums => sums["inference_stats"]!["fail"]!["count"]!.GetValue<long>() == 1, cancellationToken);

        (stats["name"]!.GetValue<string>(), stats["version"]!.GetValue<string>()).Should().Be(("m", "1"));
        stats["inference_count"]!.GetValue<long>().Should().Be(6);
        stats["execution_count"]!.GetValue<long>().Should().Be(2);
        stats["last_inference"]!.GetValue<long>().Should().BeCloseTo(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), 60_000);
        string[] kinds = ["success", "queue", "compute_input", "compute_infer", "compute_output"];
        foreach (var kind in kinds)
        {
            stats["inference_stats"]![kind]!["count"]!.GetValue<long>().Should().Be(2, kind);
        }

        stats["inference_stats"]!["compute_infer"]!["ns"]!.GetValue<long>().Should().BePositive();
        stats["batch_stats"]!.AsArray().Select(batch => batch!["batch_size"]!.GetValue<long>()).Should().Equal(1, 5);
        stats["batch_stats"]![1]!["compute_infer"]!["count"]!.GetValue<long>().Should().Be(1);
    }

    [Test]
    public async Task Rows_that_ran_together_are_one_run(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Heavy(layers: 20), cancellationToken, settings => settings with
        {
            Batching = new() { Mode = ModelServer.Batching.BatchingMode.On, MaxBatchSize = 32 },
        });

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => server.InferAsync(RestCalls.HeavyRequest(rows: 1), cancellationToken)));

        var stats = await ReadAsync(
            server, "/v2/models/m/stats", sums => sums["inference_stats"]!["success"]!["count"]!.GetValue<long>() == 40, cancellationToken);
        var batches = stats["batch_stats"]!.AsArray();
        stats["inference_count"]!.GetValue<long>().Should().Be(40);
        stats["execution_count"]!.GetValue<long>().Should().BeLessThan(40).And.Be(batches.Sum(batch => batch!["compute_infer"]!["count"]!.GetValue<long>()));
        batches.Sum(batch => batch!["batch_size"]!.GetValue<long>() * batch["compute_infer"]!["count"]!.GetValue<long>()).Should().Be(40);
        stats["inference_stats"]!["compute_infer"]!["count"]!.GetValue<long>().Should().Be(40);

        var config = await server.GetAsync("/v2/models/m/config", cancellationToken);
        config.Json["max_batch_size"]!.GetValue<int>().Should().Be(32);
        config.Json["input"]![0]!["dims"]!.ToJsonString().Should().Be("[1024]");
        config.Json["dynamic_batching"]!["max_queue_delay_microseconds"]!.GetValue<long>().Should().Be(0);
    }

    // A request is counted when it is over, which its client may see a moment earlier.
    private static async Task<JsonNode> ReadAsync(TestServer server, string path, Func<JsonNode, bool> isThere, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reply = await server.GetAsync(path, cancellationToken);
            reply.Status.Should().Be(HttpStatusCode.OK, reply.Text);
            var stats = reply.Json["model_stats"]!.AsArray().Single()!;
            if (isThere(stats))
            {
                return stats;
            }

            await Task.Yield();
        }
    }

    private static string Request(int rows) =>
        $$"""{"inputs":[{"name":"x","shape":[{{rows}},3],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Range(0, rows * 3))}}]}]}""";
}
