using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class ApplyRefusalTests : ApplierTest
{
    [TestCase(422, ApplyProblemKind.Invalid)]
    [TestCase(400, ApplyProblemKind.Invalid)]
    [TestCase(403, ApplyProblemKind.Forbidden)]
    public async Task A_refused_child_is_a_problem_with_the_servers_words_and_the_others_are_applied(int code, ApplyProblemKind kind)
    {
        Server.FailWith(request => request.Name == "bad" && request.Method == "PATCH" ? new FakeStatus(code, "Refused", "exceeded quota: pods=10") : null);

        var result = await ApplyAsync(A.ConfigMap("bad"), A.ConfigMap("good"));

        result.Written.Should().Be(1);
        var problem = result.Problems.Should().ContainSingle().Subject;
        (problem.Kind, problem.Child.Name).Should().Be((kind, "bad"));
        problem.Message.Should().Contain("exceeded quota: pods=10").And.Contain("ConfigMap ns/bad");
    }

    [Test]
    public async Task In_a_namespace_that_is_deleted_the_first_refusal_ends_the_round()
    {
        Server.FailWith(request => request.Method == "PATCH" ? new FakeStatus(403, "Forbidden", "it is being terminated", "NamespaceTerminating") : null);

        var result = await ApplyAsync(A.ConfigMap("first"), A.ConfigMap("second"));

        result.Problems.Should().ContainSingle().Which.Kind.Should().Be(ApplyProblemKind.Forbidden);
        Server.Requests.Where(request => request.Method == "PATCH").Select(request => request.Name).Should().Equal("first");
    }

    [TestCase(404)]
    [TestCase(405)]
    public async Task A_child_whose_optional_kind_is_gone_is_a_problem_and_the_others_are_applied_and_pruned(int code)
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        Server.FailWith(request => request is { Method: "PATCH", Plural: "services" } ? new FakeStatus(code, "Refused", "the server could not find the requested resource") : null);

        var result = await ApplyAsync(A.Service("gone"), A.ConfigMap("good"));

        (result.Written, result.Pruned).Should().Be((1, 1));
        var problem = result.Problems.Should().ContainSingle().Subject;
        (problem.Kind, problem.ChildKind, problem.Child.Name).Should().Be((ApplyProblemKind.KindMissing, "Service", "gone"));
        problem.Message.Should().Contain("Service ns/gone");
    }

    [Test]
    public async Task A_child_that_went_with_its_kind_before_the_cache_had_found_them_is_made_anew([Values] bool kindIsFoundAgain)
    {
        Server.FailWith(request => request.Plural == "services" && (request.IsList || request.IsWatch) ? new FakeStatus(404, "NotFound", "the server could not find the requested resource") : null);
        await Eventually.IsTrueAsync(() => !Runtime.Get<Informer<V1Service>>().Installed, () =>
        {
            Server.DropWatches();
            Clock.Advance(TimeSpan.FromSeconds(1));
        });
        (await ApplyAsync(A.Service("c"))).Written.Should().Be(1);
        (await ApplyAsync(A.Service("c"))).Written.Should().Be(0);

        Server.Store.Delete("services", "ns", "c");
        if (kindIsFoundAgain)
        {
            Server.FailWith(_ => null);
            await Eventually.IsTrueAsync(() => Runtime.Get<Informer<V1Service>>().Installed, () => Clock.Advance(TimeSpan.FromMilliseconds(20)));
        }

        (await ApplyAsync(A.Service("c"))).Written.Should().Be(1);
    }

    [Test]
    public async Task A_kind_that_has_to_be_there_and_a_namespace_that_is_not_are_failures()
    {
        Server.FailWith(request => request.Method == "PATCH" ? new FakeStatus(404, "NotFound", "the server could not find the requested resource") : null);
        await FluentActions.Awaiting(() => ApplyAsync(A.ConfigMap())).Should().ThrowAsync<ApiException>();

        Server.FailWith(request => request.Method == "PATCH" ? new FakeStatus(404, "NotFound", "namespaces \"ns\" not found") { Name = "ns" } : null);
        await FluentActions.Awaiting(() => ApplyAsync(A.Service("new"))).Should().ThrowAsync<ApiException>().WithMessage("*namespaces \"ns\" not found*");
    }

    [Test]
    public async Task A_child_that_changed_meanwhile_is_a_conflict_to_retry()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        Server.FailNext(request => request.Method == "PATCH", new(409, "Conflict", "the object has been modified"));

        await FluentActions.Awaiting(() => ApplyAsync(A.ConfigMap(data: ("a", "2")))).Should().ThrowAsync<ConflictException>().WithMessage("*ConfigMap ns/c*");
    }

    [Test]
    public async Task A_failing_server_is_an_exception()
    {
        Server.FailNext(request => request.Method == "PATCH", new(500, "InternalError", "etcd is away"));

        await FluentActions.Awaiting(() => ApplyAsync(A.ConfigMap())).Should().ThrowAsync<ApiException>().WithMessage("*etcd is away*");
    }

    [Test]
    public async Task Half_built_children_are_refused_with_a_sentence()
    {
        await Refused("*has no apiVersion or kind*", child => child.Kind = null);
        await Refused("*has no metadata.name*", child => child.Metadata.Name = null);
        await Refused("*must be in its owner's namespace \"ns\"*", child => child.Metadata.NamespaceProperty = "away");
        await FluentActions.Awaiting(() => ApplyAsync(A.Pod())).Should().ThrowAsync<InvalidOperationException>().WithMessage("*add .Owns<V1Pod>()*");
        await FluentActions.Awaiting(() => ApplyAsync(A.ConfigMap(), A.ConfigMap())).Should().ThrowAsync<InvalidOperationException>().WithMessage("*ns/c is desired twice*");
        Server.Writes.Should().BeEmpty();

        async Task Refused(string message, Action<V1ConfigMap> spoil)
        {
            var child = A.ConfigMap();
            spoil(child);
            await FluentActions.Awaiting(() => ApplyAsync(child)).Should().ThrowAsync<InvalidOperationException>().WithMessage(message);
        }
    }
}
