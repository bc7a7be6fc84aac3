using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class InformerTests : InformerTest
{
    [Test]
    public async Task A_list_is_read_in_pages_with_limit_and_continue()
    {
        for (var index = 0; index < 7; index++)
        {
            Server.Store.Create("pods", A.Json(A.Pod($"p{index}")));
        }

        await using var runtime = await StartAsync(configure: options => options.PageSize = 3);

        runtime.Get<IObjectStore<V1Pod>>().List().Should().HaveCount(7);
        var lists = Server.Requests.Where(request => request.IsList).ToList();
        lists.Select(request => request.Query["limit"]).Should().Equal("3", "3", "3");
        lists.Select(request => request.Query.GetValueOrDefault("continue", "")).Should().Equal("", "3", "6");
    }

    [Test]
    public async Task Items_carry_their_kind_though_the_list_leaves_it_out()
    {
        var bare = A.Json(A.Pod());
        bare.Remove("kind");
        bare.Remove("apiVersion");
        Server.Store.Create("pods", bare);

        await using var runtime = await StartAsync();

        var pod = runtime.Get<IObjectStore<V1Pod>>().Get(new("ns", "p"))!;
        (pod.ApiVersion, pod.Kind).Should().Be(("v1", "Pod"));
    }

    [Test]
    public async Task Changes_reach_the_store_and_the_subscribers_with_old_and_new()
    {
        await using var runtime = await StartAsync();
        var seen = Record(runtime);

        Server.Store.Create("pods", A.Json(A.Pod()));
        Server.Store.Update("pods", "ns", "p", pod => pod["metadata"]!["labels"] = new JsonObject { ["a"] = "b" });
        Server.Store.Delete("pods", "ns", "p");

        await Eventually.IsTrueAsync(() => seen.Count == 3);
        seen.Select(change => change.Type).Should().Equal(InformerEventType.Added, InformerEventType.Updated, InformerEventType.Deleted);
        var updated = seen.ElementAt(1);
        updated.Old!.Metadata.Labels.Should().BeNullOrEmpty();
        updated.New!.Metadata.Labels["a"].Should().Be("b");
        seen.ElementAt(2).New.Should().BeNull();
        runtime.Get<IObjectStore<V1Pod>>().List().Should().BeEmpty();
    }

    [Test]
    public async Task A_late_subscriber_is_told_of_what_is_there()
    {
        Server.Store.Create("pods", A.Json(A.Pod()));
        await using var runtime = await StartAsync();

        Record(runtime).Should().ContainSingle(change => change.Type == InformerEventType.Added);
    }

    [Test]
    public async Task A_subscriber_that_left_is_told_nothing_more()
    {
        await using var runtime = await StartAsync();
        var left = new ConcurrentQueue<InformerEvent<V1Pod>>();
        runtime.Get<Informer<V1Pod>>().Subscribe(left.Enqueue).Dispose();
        var stays = Record(runtime);

        Server.Store.Create("pods", A.Json(A.Pod()));

        await Eventually.IsTrueAsync(() => stays.Count == 1);
        left.Should().BeEmpty();
    }

    [Test]
    public async Task A_throwing_subscriber_costs_the_others_nothing()
    {
        await using var runtime = await StartAsync();
        runtime.Logs.Expect(101);
        runtime.Get<Informer<V1Pod>>().Subscribe(_ => throw new InvalidOperationException("mine"));
        var seen = Record(runtime);

        Server.Store.Create("pods", A.Json(A.Pod("a")));
        Server.Store.Create("pods", A.Json(A.Pod("b")));

        await Eventually.IsTrueAsync(() => seen.Count == 2);
        runtime.Logs.Count(101).Should().Be(2);
    }

    [Test]
    public async Task A_continue_token_that_expires_makes_the_next_list_whole()
    {
        for (var index = 0; index < 4; index++)
        {
            Server.Store.Create("pods", A.Json(A.Pod($"p{index}")));
        }

        Server.FailNext(request => request.Query.ContainsKey("continue"), new(410, "Expired", "continue too old"));
        await using var runtime = await StartAsync(configure: options => options.PageSize = 2);

        runtime.Get<IObjectStore<V1Pod>>().List().Should().HaveCount(4);
        Server.Requests.Last(request => request.IsList).Query.Should().NotContainKey("limit");
    }

    [Test]
    public async Task An_object_that_does_not_fit_its_type_is_left_out_and_the_rest_stays()
    {
        var odd = A.Json(A.Widget("odd"));
        odd["spec"]!["size"] = "not a number";
        Server.Store.Create("widgets", odd);
        Server.Store.Create("widgets", A.Json(A.Widget("even")));
        await using var runtime = await TestRuntime.StartAsync(Server, kubernetes => kubernetes.AddInformer<Widget>());
        var store = runtime.Get<IObjectStore<Widget>>();
        store.List().Should().ContainSingle();
        runtime.Logs.Count(100).Should().Be(1);

        Server.Store.Update("widgets", "ns", "odd", widget => widget["spec"]!["size"] = 3);

        await Eventually.IsTrueAsync(() => store.List().Count == 2);
    }

    [Test]
    public async Task A_number_that_the_client_cannot_hold_costs_its_own_object_alone()
    {
        var odd = A.Json(A.Pod("odd"));
        odd["spec"] = JsonNode.Parse("""{"containers":[{"name":"a","resources":{"limits":{"memory":"1e99999999999"}}}]}""");
        Server.Store.Create("pods", odd);
        Server.Store.Create("pods", A.Json(A.Pod("even")));

        await using var runtime = await StartAsync();

        runtime.Get<IObjectStore<V1Pod>>().List().Select(pod => pod.Metadata.Name).Should().Equal("even");
        runtime.Logs.Count(100).Should().Be(1);
    }
}
