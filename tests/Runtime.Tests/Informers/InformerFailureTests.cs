using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class InformerFailureTests : InformerTest
{
    [TestCase(429)]
    [TestCase(503)]
    public async Task A_busy_server_is_not_asked_for_everything_again(int code)
    {
        await using var runtime = await StartAsync();
        var seen = Record(runtime);
        Server.FailWith(request => request.IsWatch ? new FakeStatus(code, "", "not now") : null);
        // Dropped again and again, for the first may not have been open yet.
        await Eventually.IsTrueAsync(() => Server.Requests.Count(request => request.IsWatch) > 6, Server.DropWatches);
        Server.Store.Create("pods", A.Json(A.Pod()));
        Server.Heal();

        await Eventually.IsTrueAsync(() => seen.Count == 1);
        Server.Requests.Count(request => request.IsList).Should().Be(1);
    }

    [Test]
    public async Task Pages_that_are_too_large_are_asked_for_again_with_fewer_objects()
    {
        for (var index = 0; index < 20; index++)
        {
            Server.Store.Create("pods", A.Json(A.Pod($"p{index}", labels: ("weight", new string('x', 1000)))));
        }

        await using var runtime = await StartAsync(configure: options => options.MaxAnswerBytes = 8192);

        runtime.Get<IObjectStore<V1Pod>>().List().Should().HaveCount(20);
        Server.Requests.Where(request => request.IsList).Select(request => request.Query["limit"]).Distinct().Should().Equal("500", "125", "31", "7", "1");
        runtime.Logs.Count(108).Should().Be(4);
    }

    [Test]
    public async Task An_object_that_is_nested_deeper_than_can_be_read_takes_no_other_along()
    {
        var deep = A.Json(A.Pod("deep"));
        deep["spec"] = Enumerable.Range(0, 200).Aggregate(new JsonObject(), (inner, _) => new() { ["a"] = inner });
        Server.Store.Create("pods", deep);
        Server.Store.Create("pods", A.Json(A.Pod("listed")));
        await using var runtime = await StartAsync();
        Names().Should().Equal("listed");

        Server.Store.Update("pods", "ns", "deep", pod => pod["spec"]!["b"] = 1);
        Server.Store.Create("pods", A.Json(A.Pod("watched")));

        await Eventually.IsTrueAsync(() => Names().SequenceEqual(["listed", "watched"]));
        Server.Requests.Count(request => request.IsList).Should().Be(1);

        IEnumerable<string> Names() => runtime.Get<IObjectStore<V1Pod>>().List().Select(pod => pod.Metadata.Name).Order(StringComparer.Ordinal);
    }

    [Test]
    public async Task A_watch_that_is_never_answered_is_a_failure_that_is_said()
    {
        using var held = new ManualResetEventSlim();
        Server.FailWith(request =>
        {
            if (request.IsWatch)
            {
                held.Wait();
            }

            return null;
        });
        var clock = new FakeTimeProvider();
        await using var runtime = await StartAsync(clock: clock);
        try
        {
            await Eventually.IsTrueAsync(() => runtime.Logs.Count(107) == 1, () => clock.Advance(TimeSpan.FromMinutes(1)));

            runtime.Logs.Lines.Single(line => line.EventId == 107).Message.Should().Contain("pods").And.Contain("not answered");
        }
        finally
        {
            held.Set();
            await runtime.StopAsync();
        }
    }

    [Test]
    public async Task A_failing_server_is_survived_and_said_once_for_each_way_to_fail()
    {
        Server.FailWith(request => new FakeStatus(503, "ServiceUnavailable", "soon"));
        await using var runtime = await StartAsync(sync: false);
        await Eventually.IsTrueAsync(() => Server.Requests.Count > 5);
        runtime.Get<IInformerSync>().HasSynced.Should().BeFalse();
        runtime.Logs.Count(106).Should().Be(1);

        Server.Heal();

        await runtime.Get<IInformerSync>().WaitForSyncAsync(default).WithinLimit();
        runtime.Get<IInformerSync>().HasSynced.Should().BeTrue();
        await Eventually.IsTrueAsync(() => runtime.Logs.Count(104) == 1);
    }
}
