using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class ApiDiscoveryTests
{
    private const string Kind = "keda.sh/v1alpha1/scaledobjects";
    private const string OtherKind = "keda.sh/v1alpha1/scaledjobs";
    private const string Group = "custom.metrics.k8s.io";

    private static readonly ResourceKind ScaledObjects = new("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects", Namespaced: true);

    private static readonly ResourceKind ScaledJobs = new("keda.sh", "v1alpha1", "ScaledJob", "scaledjobs", Namespaced: true);

    private FakeApiServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await FakeApiServer.StartAsync();
        Groups();
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task What_is_not_there_is_known_before_the_first_reconcile()
    {
        var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Store.Create("widgets", A.Json(A.Widget()));
        await using var runtime = await StartAsync(TimeSpan.FromHours(1), served => seen.TrySetResult(served));

        (await seen.Task.WithinLimit()).Should().BeFalse();
        runtime.Get<IApiDiscovery>().Serves(Group).Should().BeFalse();
    }

    [Test]
    public async Task A_kind_that_comes_or_goes_is_noticed_and_every_entity_is_reconciled()
    {
        var seen = new List<bool>();
        _server.Store.Create("widgets", A.Json(A.Widget()));
        await using var runtime = await StartAsync(TimeSpan.FromMilliseconds(5), served =>
        {
            lock (seen)
            {
                seen.Add(served);
            }
        });
        await SeenAsync(seen, false);

        Groups(("keda.sh", "v1alpha1"));
        _server.Discovery["/apis/keda.sh/v1alpha1"] = Resources("scaledobjects", "scaledjobs");
        await SeenAsync(seen, false, true);
        Groups();

        await SeenAsync(seen, false, true, false);
    }

    [TestCase("+-+-+", TestName = "One_answer_without_an_api_is_no_loss")]
    [TestCase("+-!-+", TestName = "Answers_around_a_failure_are_not_in_a_row")]
    public async Task Loss(string answers)
    {
        foreach (var answer in answers)
        {
            _server.DiscoveryFirst.Enqueue(answer switch { '+' => GroupList((Group, "v1beta1")), '-' => GroupList(), _ => Unavailable() });
        }

        await using var runtime = await StartAsync(TimeSpan.FromMilliseconds(5), _ => { });

        await Eventually.IsTrueAsync(() => !runtime.Get<IApiDiscovery>().Serves(Group));
        _server.DiscoveryFirst.Should().BeEmpty();
        runtime.Logs.Count(111).Should().Be(1, "it was lost once, by the answers that came last");
    }

    [Test]
    public async Task A_group_whose_own_server_is_away_has_what_it_had()
    {
        await using var runtime = await StartWithKedaAsync(TimeSpan.FromMilliseconds(5));
        var apis = runtime.Get<IApiDiscovery>();

        _server.Discovery["/apis/keda.sh/v1alpha1"] = Unavailable();
        Groups(("keda.sh", "v1alpha1"), (Group, "v1beta1"));
        await Eventually.IsTrueAsync(() => apis.Serves(Group));
        Groups(("keda.sh", "v1alpha1"));
        await Eventually.IsTrueAsync(() => !apis.Serves(Group));

        apis.Serves(Kind).Should().BeTrue("two answers that do not tell are no loss");
        runtime.Logs.Count(110).Should().Be(0, "and all else is told as ever");
    }

    [Test]
    public async Task A_write_that_found_no_such_kind_is_an_answer_that_lacks_it_and_the_next_question_comes_at_once()
    {
        await using var runtime = await StartWithKedaAsync(TimeSpan.FromHours(1));

        Groups();
        runtime.Get<ApiDiscovery>().Doubt(ScaledObjects);

        await Eventually.IsTrueAsync(() => !runtime.Get<IApiDiscovery>().Serves(Kind));
    }

    [Test]
    public async Task A_doubt_is_forgotten_once_an_answer_has_the_kind()
    {
        await using var runtime = await StartWithKedaAsync(TimeSpan.FromHours(1));
        var apis = runtime.Get<ApiDiscovery>();
        Groups(("keda.sh", "v1alpha1"), (Group, "v1beta1"));
        apis.Doubt(ScaledObjects);
        await Eventually.IsTrueAsync(() => apis.Serves(Group));

        Groups((Group, "v1beta1"));
        apis.Doubt(ScaledJobs);
        await Eventually.IsTrueAsync(() => !apis.Serves(OtherKind));

        apis.Serves(Kind).Should().BeTrue("one answer that lacks it is not enough");
    }

    [Test]
    public async Task A_doubt_outlives_a_question_that_nobody_answers_and_is_settled_by_the_next_answer()
    {
        var clock = new FakeTimeProvider();
        await using var runtime = await StartWithKedaAsync(TimeSpan.FromHours(1), clock);
        var apis = runtime.Get<ApiDiscovery>();
        _server.DiscoveryFirst.Enqueue(Unavailable());
        _server.DiscoveryFirst.Enqueue(GroupList());

        apis.Doubt(ScaledObjects);
        await Eventually.IsTrueAsync(() => runtime.Logs.Count(110) == 1, () => clock.Advance(TimeSpan.FromMilliseconds(50)));

        // The answer after that one has the kind, so that it goes by one answer or not at all.
        await Eventually.IsTrueAsync(() => !apis.Serves(Kind), () => clock.Advance(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task A_group_without_the_kind_does_not_serve_it()
    {
        Groups(("keda.sh", "v1alpha1"), (Group, "v1beta2"));
        _server.Discovery["/apis/keda.sh/v1alpha1"] = Resources("scaledjobs");
        await using var runtime = await StartAsync(TimeSpan.FromHours(1), _ => { });

        runtime.Get<IApiDiscovery>().Serves(Kind).Should().BeFalse();
        runtime.Get<IApiDiscovery>().Serves(Group).Should().BeTrue("any version of it will do");
    }

    [Test]
    public async Task A_server_that_cannot_answer_loses_nothing_and_is_told_of_once()
    {
        Groups((Group, "v1beta1"));
        await using var runtime = await StartAsync(TimeSpan.FromMilliseconds(5), _ => { });
        _server.Discovery.Clear();

        await Eventually.IsTrueAsync(() => runtime.Logs.Count(110) == 1);
        runtime.Get<IApiDiscovery>().Serves(Group).Should().BeTrue();
        Groups();

        await Eventually.IsTrueAsync(() => !runtime.Get<IApiDiscovery>().Serves(Group));
        runtime.Logs.Count(110).Should().Be(1);
    }

    [Test]
    public async Task A_server_that_never_tells_is_taken_to_have_everything_and_holds_up_nothing()
    {
        _server.Discovery.Clear();
        await using var runtime = await StartAsync(TimeSpan.FromHours(1), _ => { });

        runtime.Get<IApiDiscovery>().Serves(Kind).Should().BeTrue();
    }

    [Test]
    public async Task An_api_that_nobody_discovers_is_a_mistake_that_says_how_to_mend_it()
    {
        await using var runtime = await StartAsync(TimeSpan.FromHours(1), _ => { });

        FluentActions.Invoking(() => runtime.Get<IApiDiscovery>().Serves("other.example")).Should().Throw<InvalidOperationException>().WithMessage("*Discovers(\"other.example\")*");
    }

    /// <summary>Starts against a server that has KEDA's kinds.</summary>
    private Task<TestRuntime> StartWithKedaAsync(TimeSpan interval, TimeProvider? clock = null)
    {
        Groups(("keda.sh", "v1alpha1"));
        _server.Discovery["/apis/keda.sh/v1alpha1"] = Resources("scaledobjects", "scaledjobs");
        return StartAsync(interval, _ => { }, clock);
    }

    private Task<TestRuntime> StartAsync(TimeSpan interval, Action<bool> seen, TimeProvider? clock = null) => TestRuntime.StartAsync(
            _server,
            kubernetes =>
            {
                kubernetes.AddController<DelegateController, Widget>(controller => controller.Discovers(Kind, OtherKind, Group));
                kubernetes.Services.AddSingleton(provider => new DelegateController
                {
                    Reconcile = (_, _) =>
                    {
                        seen(provider.GetRequiredService<IApiDiscovery>().Serves(Kind));
                        return Task.FromResult(Result.Done);
                    },
                });
            },
            clock,
            options => options.DiscoveryInterval = interval);

    /// <summary>Equal answers in a row are one: a reconcile may come for other reasons too.</summary>
    private static Task SeenAsync(List<bool> seen, params bool[] expected) => Eventually.IsTrueAsync(() =>
    {
        lock (seen)
        {
            return seen.Where((served, index) => index == 0 || seen[index - 1] != served).SequenceEqual(expected);
        }
    });

    private void Groups(params (string Name, string Version)[] groups) => _server.Discovery["/apis"] = GroupList(groups);

    private static JsonObject GroupList(params (string Name, string Version)[] groups) => new()
    {
        ["groups"] = new JsonArray([.. groups.Select(group => new JsonObject
        {
            ["name"] = group.Name,
            ["versions"] = new JsonArray(new JsonObject { ["groupVersion"] = $"{group.Name}/{group.Version}" }),
        })]),
    };

    private static JsonObject Unavailable() => new FakeStatus(503, "ServiceUnavailable", "the server is currently unable to handle the request").Json;

    private static JsonObject Resources(params string[] names) =>
        new() { ["resources"] = new JsonArray([.. names.Select(name => new JsonObject { ["name"] = name })]) };
}
