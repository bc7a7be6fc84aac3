using System.Text.Json.Nodes;
using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class ApplyOwnershipTests : ApplierTest
{
    [Test]
    public async Task What_a_deleted_owner_of_the_same_name_left_is_waited_for()
    {
        Server.Store.Create("configmaps", A.Json(A.ConfigMap().OwnedBy(Owner, "the-uid-before")));
        await Runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);

        await FluentActions.Awaiting(() => ApplyAsync(A.ConfigMap())).Should().ThrowAsync<ConflictException>().WithMessage("*deleted Widget of the same name*");

        Server.Writes.Should().BeEmpty();
    }

    [Test]
    public async Task A_name_that_another_owner_holds_is_never_written_and_both_are_named()
    {
        var theirs = A.ConfigMap(data: ("a", "theirs")).OwnedBy(A.Widget("other"), "other-uid");
        Server.Store.Create("configmaps", A.Json(theirs));
        await Runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        Server.Writes.Should().BeEmpty();
        var problem = result.Problems.Should().ContainSingle().Subject;
        (problem.Kind, problem.ChildKind, problem.Child).Should().Be((ApplyProblemKind.NameTaken, "ConfigMap", Child));
        problem.Message.Should().Contain("ConfigMap ns/c").And.Contain("Widget other");
    }

    [Test]
    public async Task A_name_held_outside_the_label_filtered_cache_is_found_by_looking_and_never_written()
    {
        var theirs = A.ConfigMap(data: ("a", "theirs"));
        theirs.Metadata.Labels.Clear();
        Server.Store.Create("configmaps", A.Json(theirs));

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        Server.Writes.Should().BeEmpty();
        result.Problems.Should().ContainSingle().Which.Message.Should().Contain("controlled by nobody");
    }

    [Test]
    public async Task What_is_no_longer_desired_is_deleted_by_uid_in_the_background_and_only_once()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        var (uid, version) = ((string)Stored()["metadata"]!["uid"]!, (string)Stored()["metadata"]!["resourceVersion"]!);

        (await ApplyAsync()).Pruned.Should().Be(1);
        (await ApplyAsync()).Pruned.Should().Be(0);

        var delete = Server.Writes.Should().ContainSingle().Subject;
        (delete.Method, (string)delete.Body!["propagationPolicy"]!).Should().Be(("DELETE", "Background"));
        ((string)delete.Body["preconditions"]!["uid"]!, (string)delete.Body["preconditions"]!["resourceVersion"]!).Should().Be((uid, version));
        Server.Store.Get("configmaps", "ns", "c").Should().BeNull();
    }

    [Test]
    public async Task What_changed_since_it_was_read_is_not_deleted_but_looked_at_again()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        Server.HoldWatches();
        Server.Store.Update("configmaps", "ns", "c", child => child["metadata"]!["ownerReferences"] = new JsonArray());

        await FluentActions.Awaiting(() => ApplyAsync()).Should().ThrowAsync<ConflictException>().WithMessage("*ConfigMap ns/c changed*");

        Stored().Should().NotBeNull();
    }

    [Test]
    public async Task What_others_control_is_not_pruned()
    {
        var theirs = A.ConfigMap("theirs").OwnedBy(A.Widget("other"), "other-uid");
        theirs.Metadata.OwnerReferences.Add(new() { ApiVersion = "test.dev/v1", Kind = "Widget", Name = "w", Uid = Owner.Metadata.Uid });
        Server.Store.Create("configmaps", A.Json(theirs));
        await Runtime.CaughtUpAsync<V1ConfigMap>("configmaps", new("ns", "theirs"));

        (await ApplyAsync()).Pruned.Should().Be(0);
    }

    [Test]
    public async Task Nothing_is_pruned_while_something_desired_is_not_in_place()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        Server.FailWith(request => request.Method == "PATCH" ? new FakeStatus(422, "Invalid", "spec.replicas: must be positive") : null);

        var result = await ApplyAsync(A.ConfigMap("next", data: ("a", "1")));

        result.Pruned.Should().Be(0);
        Stored().Should().NotBeNull();
    }

    [Test]
    public async Task Trouble_with_a_kind_that_stands_alone_keeps_none_but_its_own_kind()
    {
        await ApplyAsync(A.Service("old"), A.ConfigMap(data: ("a", "1")));
        await Runtime.CaughtUpAsync<V1Service>("services", new("ns", "old"));
        await Runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);
        Server.Store.Create("services", A.Json(A.Service("taken")));

        var result = await ApplyAsync(A.Service("taken"));

        result.Problems.Should().ContainSingle().Which.Kind.Should().Be(ApplyProblemKind.NameTaken);
        result.Pruned.Should().Be(1);
        Server.Store.Get("configmaps", "ns", "c").Should().BeNull();
        Server.Store.Get("services", "ns", "old").Should().NotBeNull("what was to follow it is not in place");
    }

    [Test]
    public async Task In_a_namespace_that_is_deleted_nothing_is_pruned_for_nobody_knows_what_else_would_be_refused()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        Server.FailWith(request => request.Method == "PATCH" ? new FakeStatus(403, "Forbidden", "it is being terminated", "NamespaceTerminating") : null);

        var result = await ApplyAsync(A.Service("new"), A.ConfigMap("next"));

        result.Pruned.Should().Be(0);
        Stored().Should().NotBeNull();
    }
}
