using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class HandOverTests : ApplierTest
{
    [Test]
    public async Task A_field_is_handed_over_alone_with_the_value_that_it_has_and_the_version_that_was_seen()
    {
        await CreateAsync(A.ConfigMap(data: [("a", "1"), ("b", "2")]));
        await EditAsync(map => map["data"]!["a"] = "7");
        Server.ForgetRequests();

        await HandOverAsync("data", "a");

        var patch = Server.Writes.Should().ContainSingle().Subject;
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

        Server.Writes.Should().BeEmpty();
    }

    [Test]
    public async Task A_field_that_changed_while_it_is_handed_over_is_a_conflict_to_retry()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        Server.HoldWatches();
        Server.Store.Update("configmaps", "ns", "c", map => map["data"]!["a"] = "2");

        await FluentActions.Awaiting(() => HandOverAsync("data", "a")).Should().ThrowAsync<ConflictException>().WithMessage("*ConfigMap ns/c*data.a*");
        Stored()["data"]!["a"]!.GetValue<string>().Should().Be("2");
    }

    private Task HandOverAsync(params string[] path) =>
        Runtime.Get<IObjectApplier>().HandOverAsync<Widget, V1ConfigMap>(Owner, Child, path, "heir", default).WithinLimit();
}
