using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class ObjectApplierTests
{
    private const string Hash = "tester/applied-hash";
    private static readonly ObjectKey Child = new("ns", "c");

    private FakeTimeProvider _clock = null!;
    private FakeApiServer _server = null!;
    private TestRuntime _runtime = null!;
    private Widget _owner = null!;

    [SetUp]
    public async Task Start()
    {
        _clock = new();
        _server = await FakeApiServer.StartAsync();
        _server.Store.Create("widgets", A.Json(A.Widget()));
        await StartRuntimeAsync();
    }

    private async Task StartRuntimeAsync()
    {
        _runtime = await TestRuntime.StartAsync(
            _server,
            kubernetes => kubernetes.AddController<DelegateController, Widget>(controller => controller
                .Owns<V1ConfigMap>("managed=yes")
                .Owns<V1Deployment>()),
            _clock);
        _owner = _runtime.Get<IObjectStore<Widget>>().Get(new("ns", "w"))!;
        _server.ForgetRequests();
    }

    [TearDown]
    public async Task Stop()
    {
        await _runtime.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_child_that_is_not_there_is_looked_for_once_and_created_with_its_owner_and_hash()
    {
        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        (result.Written, result.Pruned, result.Problems.Count).Should().Be((1, 0, 0));
        var requests = _server.Requests.Where(request => request.Name == "c").ToList();
        requests.Select(request => request.Method).Should().Equal("GET", "PATCH");
        requests[1].ContentType.Should().Be("application/apply-patch+yaml");
        requests[1].Query.Should().Contain("fieldManager", "tester").And.Contain("force", "true").And.NotContainKey("dryRun");
        var stored = Stored();
        stored["data"]!["a"]!.GetValue<string>().Should().Be("1");
        stored["metadata"]!["annotations"]![Hash]!.GetValue<string>().Should().HaveLength(32);
        var reference = stored["metadata"]!["ownerReferences"]![0]!;
        ((string)reference["uid"]!, (string)reference["kind"]!, (bool)reference["controller"]!, (bool)reference["blockOwnerDeletion"]!)
            .Should().Be((_owner.Metadata.Uid, "Widget", true, true));
    }

    [Test]
    public async Task What_is_sent_has_no_null_and_no_field_of_the_server()
    {
        var child = A.ConfigMap(data: ("a", "1"));
        child.Metadata.Uid = "mine";
        child.Metadata.CreationTimestamp = DateTime.UnixEpoch;

        await ApplyAsync(child);

        var body = _server.Writes.Single().Body!;
        body.ToJsonString().Should().NotContain("null");
        body["metadata"]!.AsObject().Select(field => field.Key).Should().BeEquivalentTo("name", "namespace", "labels", "ownerReferences", "annotations");
    }

    [Test]
    public async Task A_second_apply_right_after_the_first_sends_nothing_though_the_cache_lags()
    {
        await ApplyAsync(A.ConfigMap(data: ("a", "1")));
        _server.ForgetRequests();

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        result.Written.Should().Be(0);
        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task An_apply_once_the_cache_has_caught_up_sends_nothing()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));

        await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task A_change_right_after_a_write_is_applied_over_the_written_version_and_not_the_cached()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await ApplyAsync(A.ConfigMap(data: ("a", "2")));

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "3")));

        result.Written.Should().Be(1);
        Stored()["data"]!["a"]!.GetValue<string>().Should().Be("3");
    }

    [Test]
    public async Task A_difference_is_tried_as_a_dry_run_before_it_is_written_and_carries_the_version()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        var version = (string)Stored()["metadata"]!["resourceVersion"]!;

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "2")));

        result.Written.Should().Be(1);
        var requests = ChildRequests().ToList();
        requests.Select(request => (request.Method, request.IsDryRun)).Should().Equal(("PATCH", true), ("PATCH", false));
        requests.Should().OnlyContain(request => (string)request.Body!["metadata"]!["resourceVersion"]! == version);
        Stored()["data"]!["a"]!.GetValue<string>().Should().Be("2");
    }

    [Test]
    public async Task A_difference_that_is_only_the_servers_spelling_is_never_written_and_tried_once_by_a_process_that_did_not_write_the_child()
    {
        _server.Store.Default = entity =>
        {
            if (entity["data"]?["a"] is { } value)
            {
                entity["data"]!["a"] = ((string)value!).ToLowerInvariant();
            }
        };
        await CreateAsync(A.ConfigMap(data: ("a", "LOUD")));

        await ApplyAsync(A.ConfigMap(data: ("a", "LOUD")));
        ChildRequests().Should().BeEmpty();

        await _runtime.DisposeAsync();
        await StartRuntimeAsync();
        await ApplyAsync(A.ConfigMap(data: ("a", "LOUD")));
        await ApplyAsync(A.ConfigMap(data: ("a", "LOUD")));

        ChildRequests().Should().ContainSingle().Which.IsDryRun.Should().BeTrue();
    }

    [Test]
    public async Task A_field_that_is_no_longer_desired_is_removed()
    {
        await CreateAsync(A.ConfigMap(data: [("a", "1"), ("b", "2")]));

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        result.Written.Should().Be(1);
        Stored()["data"]!.AsObject().Select(field => field.Key).Should().Equal("a");
    }

    [Test]
    public async Task Fields_that_others_added_are_left_alone()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await EditAsync(map => map["data"]!["theirs"] = "x");

        await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task A_field_that_somebody_changed_is_put_back_and_the_second_time_within_a_minute_it_is_contested()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await EditAsync(Contest);
        (await ApplyAsync(A.ConfigMap(data: ("a", "1")))).Written.Should().Be(1);
        await _runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);
        await EditAsync(Contest);
        _server.ForgetRequests();

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        ChildRequests().Should().ContainSingle("who else writes is asked for").Which.Method.Should().Be("GET");
        result.RetryAfter.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        var problem = result.Problems.Should().ContainSingle().Subject;
        problem.Kind.Should().Be(ApplyProblemKind.FieldContested);
        problem.Message.Should().Contain(".data.a of ConfigMap ns/c").And.Contain("\"rival\"");

        _clock.Advance(result.RetryAfter!.Value);
        (await ApplyAsync(A.ConfigMap(data: ("a", "1")))).Written.Should().Be(1);

        static void Contest(JsonObject map)
        {
            map["data"]!["a"] = "theirs";
            map["metadata"]!["managedFields"] = JsonNode.Parse(
                """[{"manager":"tester","operation":"Apply","fieldsV1":{"f:metadata":{}}},{"manager":"rival","operation":"Update","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:data":{"f:a":{}}}}]""");
        }
    }

    [Test]
    public async Task A_writer_that_strips_the_hash_is_contested_like_any_other()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await EditAsync(map => map["metadata"]!.AsObject().Remove("annotations"));
        (await ApplyAsync(A.ConfigMap(data: ("a", "1")))).Written.Should().Be(1);
        await _runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);
        await EditAsync(map => map["metadata"]!.AsObject().Remove("annotations"));

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        result.Written.Should().Be(0);
        result.Problems.Should().ContainSingle().Which.Message.Should().Contain(".metadata.annotations of ConfigMap ns/c");
    }

    [Test]
    public async Task A_change_of_mind_right_after_another_is_no_contest()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));

        foreach (var value in (string[])["2", "3", "2", "3"])
        {
            (await ApplyAsync(A.ConfigMap(data: ("a", value)))).Should().Match<ApplyResult>(result => result.Written == 1 && result.Problems.Count == 0);
        }
    }

    [Test]
    public async Task What_a_deleted_owner_of_the_same_name_left_is_waited_for()
    {
        _server.Store.Create("configmaps", A.Json(A.ConfigMap().OwnedBy(_owner, "the-uid-before")));
        await _runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);

        await FluentActions.Awaiting(() => ApplyAsync(A.ConfigMap())).Should().ThrowAsync<ConflictException>().WithMessage("*deleted Widget of the same name*");

        _server.Writes.Should().BeEmpty();
    }

    [Test]
    public async Task Nothing_is_put_back_for_an_owner_that_is_being_deleted()
    {
        _owner = A.Widget();
        (_owner.Metadata.Uid, _owner.Metadata.DeletionTimestamp) = ("u", DateTime.UnixEpoch);

        (await ApplyAsync(A.ConfigMap())).Written.Should().Be(0);

        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task A_name_that_another_owner_holds_is_never_written_and_both_are_named()
    {
        var theirs = A.ConfigMap(data: ("a", "theirs")).OwnedBy(A.Widget("other"), "other-uid");
        _server.Store.Create("configmaps", A.Json(theirs));
        await _runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        _server.Writes.Should().BeEmpty();
        var problem = result.Problems.Should().ContainSingle().Subject;
        (problem.Kind, problem.ChildKind, problem.Child).Should().Be((ApplyProblemKind.NameTaken, "ConfigMap", Child));
        problem.Message.Should().Contain("ConfigMap ns/c").And.Contain("Widget other");
    }

    [Test]
    public async Task A_name_held_outside_the_label_filtered_cache_is_found_by_looking_and_never_written()
    {
        var theirs = A.ConfigMap(data: ("a", "theirs"));
        theirs.Metadata.Labels.Clear();
        _server.Store.Create("configmaps", A.Json(theirs));

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        _server.Writes.Should().BeEmpty();
        result.Problems.Should().ContainSingle().Which.Message.Should().Contain("controlled by nobody");
    }

    [Test]
    public async Task What_is_no_longer_desired_is_deleted_by_uid_in_the_background_and_only_once()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        var (uid, version) = ((string)Stored()["metadata"]!["uid"]!, (string)Stored()["metadata"]!["resourceVersion"]!);

        (await ApplyAsync()).Pruned.Should().Be(1);
        (await ApplyAsync()).Pruned.Should().Be(0);

        var delete = _server.Writes.Should().ContainSingle().Subject;
        (delete.Method, (string)delete.Body!["propagationPolicy"]!).Should().Be(("DELETE", "Background"));
        ((string)delete.Body["preconditions"]!["uid"]!, (string)delete.Body["preconditions"]!["resourceVersion"]!).Should().Be((uid, version));
        _server.Store.Get("configmaps", "ns", "c").Should().BeNull();
    }

    [Test]
    public async Task What_changed_since_it_was_read_is_not_deleted_but_looked_at_again()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        _server.HoldWatches();
        _server.Store.Update("configmaps", "ns", "c", child => child["metadata"]!["ownerReferences"] = new JsonArray());

        await FluentActions.Awaiting(() => ApplyAsync()).Should().ThrowAsync<ConflictException>().WithMessage("*ConfigMap ns/c changed*");

        Stored().Should().NotBeNull();
    }

    [Test]
    public async Task What_others_control_is_not_pruned()
    {
        var theirs = A.ConfigMap("theirs").OwnedBy(A.Widget("other"), "other-uid");
        theirs.Metadata.OwnerReferences.Add(new() { ApiVersion = "test.dev/v1", Kind = "Widget", Name = "w", Uid = _owner.Metadata.Uid });
        _server.Store.Create("configmaps", A.Json(theirs));
        await _runtime.CaughtUpAsync<V1ConfigMap>("configmaps", new("ns", "theirs"));

        (await ApplyAsync()).Pruned.Should().Be(0);
    }

    [Test]
    public async Task Nothing_is_pruned_while_something_desired_is_not_in_place()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        _server.FailWith(request => request.Method == "PATCH" ? new FakeStatus(422, "Invalid", "spec.replicas: must be positive") : null);

        var result = await ApplyAsync(A.ConfigMap("next", data: ("a", "1")));

        result.Pruned.Should().Be(0);
        Stored().Should().NotBeNull();
    }

    [TestCase(422, ApplyProblemKind.Invalid)]
    [TestCase(400, ApplyProblemKind.Invalid)]
    [TestCase(403, ApplyProblemKind.Forbidden)]
    public async Task A_refused_child_is_a_problem_with_the_servers_words_and_the_others_are_applied(int code, ApplyProblemKind kind)
    {
        _server.FailWith(request => request.Name == "bad" && request.Method == "PATCH" ? new FakeStatus(code, "Refused", "exceeded quota: pods=10") : null);

        var result = await ApplyAsync(A.ConfigMap("bad"), A.ConfigMap("good"));

        result.Written.Should().Be(1);
        var problem = result.Problems.Should().ContainSingle().Subject;
        (problem.Kind, problem.Child.Name).Should().Be((kind, "bad"));
        problem.Message.Should().Contain("exceeded quota: pods=10").And.Contain("ConfigMap ns/bad");
    }

    [Test]
    public async Task In_a_namespace_that_is_deleted_the_first_refusal_ends_the_round()
    {
        _server.FailWith(request => request.Method == "PATCH" ? new FakeStatus(403, "Forbidden", "it is being terminated", "NamespaceTerminating") : null);

        var result = await ApplyAsync(A.ConfigMap("first"), A.ConfigMap("second"));

        result.Problems.Should().ContainSingle().Which.Kind.Should().Be(ApplyProblemKind.Forbidden);
        _server.Requests.Where(request => request.Method == "PATCH").Select(request => request.Name).Should().Equal("first");
    }

    [Test]
    public async Task A_child_that_changed_meanwhile_is_a_conflict_to_retry()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        _server.FailNext(request => request.Method == "PATCH", new(409, "Conflict", "the object has been modified"));

        await FluentActions.Awaiting(() => ApplyAsync(A.ConfigMap(data: ("a", "2")))).Should().ThrowAsync<ConflictException>().WithMessage("*ConfigMap ns/c*");
    }

    [Test]
    public async Task A_failing_server_is_an_exception()
    {
        _server.FailNext(request => request.Method == "PATCH", new(500, "InternalError", "etcd is away"));

        await FluentActions.Awaiting(() => ApplyAsync(A.ConfigMap())).Should().ThrowAsync<ApiException>().WithMessage("*etcd is away*");
    }

    [Test]
    public async Task A_child_on_its_way_out_is_left_to_go()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await EditAsync(map => map["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z");

        await ApplyAsync(A.ConfigMap(data: ("a", "2")));

        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task A_child_deleted_by_hand_comes_back()
    {
        await ApplyAsync(A.ConfigMap(data: ("a", "1")));
        _server.Store.Delete("configmaps", "ns", "c");
        _server.Store.Create("configmaps", A.Json(A.ConfigMap("barrier")));
        await _runtime.CaughtUpAsync<V1ConfigMap>("configmaps", new("ns", "barrier"));

        (await ApplyAsync(A.ConfigMap(data: ("a", "1")))).Written.Should().Be(1);
    }

    [Test]
    public async Task Half_built_children_are_refused_with_a_sentence()
    {
        await Refused("*has no apiVersion or kind*", child => child.Kind = null);
        await Refused("*has no metadata.name*", child => child.Metadata.Name = null);
        await Refused("*must be in its owner's namespace \"ns\"*", child => child.Metadata.NamespaceProperty = "away");
        await FluentActions.Awaiting(() => ApplyAsync(A.Pod())).Should().ThrowAsync<InvalidOperationException>().WithMessage("*add .Owns<V1Pod>()*");
        await FluentActions.Awaiting(() => ApplyAsync(A.ConfigMap(), A.ConfigMap())).Should().ThrowAsync<InvalidOperationException>().WithMessage("*ns/c is desired twice*");
        _server.Writes.Should().BeEmpty();

        async Task Refused(string message, Action<V1ConfigMap> spoil)
        {
            var child = A.ConfigMap();
            spoil(child);
            await FluentActions.Awaiting(() => ApplyAsync(child)).Should().ThrowAsync<InvalidOperationException>().WithMessage(message);
        }
    }

    [Test]
    public async Task A_field_is_handed_over_alone_with_the_value_that_it_has_and_the_version_that_was_seen()
    {
        await CreateAsync(A.ConfigMap(data: [("a", "1"), ("b", "2")]));
        await EditAsync(map => map["data"]!["a"] = "7");
        _server.ForgetRequests();

        await HandOverAsync("data", "a");

        var patch = _server.Writes.Should().ContainSingle().Subject;
        patch.ContentType.Should().Be("application/apply-patch+yaml");
        patch.Query.Should().Contain("fieldManager", "heir").And.Contain("force", "true");
        patch.Body!["data"]!.ToJsonString().Should().Be("""{"a":"7"}""");
        patch.Body["metadata"]!.AsObject().Select(field => field.Key).Should().Equal("name", "namespace", "resourceVersion");
    }

    [Test]
    public async Task What_is_not_there_or_not_ours_is_not_handed_over()
    {
        await HandOverAsync("data", "a");
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await HandOverAsync("data", "missing");
        await EditAsync(map => map["metadata"]!["ownerReferences"]![0]!["uid"] = "another");
        await HandOverAsync("data", "a");

        _server.Writes.Should().BeEmpty();
    }

    [Test]
    public async Task A_field_that_changed_while_it_is_handed_over_is_a_conflict_to_retry()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        _server.HoldWatches();
        _server.Store.Update("configmaps", "ns", "c", map => map["data"]!["a"] = "2");

        await FluentActions.Awaiting(() => HandOverAsync("data", "a")).Should().ThrowAsync<ConflictException>().WithMessage("*ConfigMap ns/c*data.a*");
        Stored()["data"]!["a"]!.GetValue<string>().Should().Be("2");
    }

    private Task HandOverAsync(params string[] path) =>
        _runtime.Get<IObjectApplier>().HandOverAsync<Widget, V1ConfigMap>(_owner, Child, path, "heir", default).WithinLimit();

    private Task<ApplyResult> ApplyAsync(params IKubernetesObject<V1ObjectMeta>[] desired) =>
        _runtime.Get<IObjectApplier>().ApplyAsync(_owner, desired, default).WithinLimit();

    private async Task CreateAsync(V1ConfigMap desired)
    {
        await ApplyAsync(desired);
        await _runtime.CaughtUpAsync<V1ConfigMap>("configmaps", desired.Key());
        _server.ForgetRequests();
    }

    private async Task EditAsync(Action<JsonObject> change)
    {
        _server.Store.Update("configmaps", "ns", "c", change);
        await _runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);
    }

    private IEnumerable<FakeRequest> ChildRequests() => _server.Requests.Where(request => request.Name.Length > 0);

    private JsonObject Stored() => _server.Store.Get("configmaps", "ns", "c")!;
}
