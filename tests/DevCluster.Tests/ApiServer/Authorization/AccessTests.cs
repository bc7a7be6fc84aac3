using System.Net;
using Slipway.DevCluster.ApiServer;

namespace Slipway.DevCluster.Tests.ApiServer.Authorization;

[CancelAfter(60_000)]
internal sealed class AccessTests
{
    private const string Default = "/api/v1/namespaces/default";
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
    private const string ReadPods = """{"metadata":{"name":"reader"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}]}""";

    private readonly MovableTime _time = new();
    private ApiServerHost _host = null!;
    private ApiClient _master = null!;

    [SetUp]
    public async Task StartServer()
    {
        _time.Ahead = TimeSpan.Zero;
        _host = await ApiServerHost.StartAsync(new ApiServerOptions { Time = _time }, CancellationToken.None);
        _master = new(_host, _host.Token);
        await _master.SendAsync(HttpMethod.Post, $"{Default}/serviceaccounts", """{"metadata":{"name":"a"}}""", CancellationToken.None);
    }

    [TearDown]
    public async Task StopServer()
    {
        _master.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task A_service_account_may_do_what_is_bound_to_it_and_nothing_else(CancellationToken cancellationToken)
    {
        using var account = new ApiClient(_host, await TokenAsync("{}", cancellationToken));
        var before = await account.SendAsync(HttpMethod.Get, $"{Default}/pods", null, cancellationToken);

        await BindAsync("""{"kind":"ServiceAccount","name":"a","namespace":"default"}""", cancellationToken);
        var bound = await account.SendAsync(HttpMethod.Get, $"{Default}/pods", null, cancellationToken);
        var elsewhere = await account.SendAsync(HttpMethod.Get, "/api/v1/namespaces/kube-system/pods", null, cancellationToken);

        ((string?)before.Body["message"]).Should().Be(
            "pods is forbidden: User \"system:serviceaccount:default:a\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"");
        bound.Code.Should().Be(HttpStatusCode.OK);
        elsewhere.Code.Should().Be(HttpStatusCode.Forbidden);
    }

    [TestCase("system:serviceaccounts")]
    [TestCase("system:serviceaccounts:default")]
    [TestCase("system:authenticated")]
    public async Task A_service_account_is_in_its_groups(string group, CancellationToken cancellationToken)
    {
        using var account = new ApiClient(_host, await TokenAsync("{}", cancellationToken));

        await BindAsync($$"""{"kind":"Group","name":"{{group}}"}""", cancellationToken);

        (await account.SendAsync(HttpMethod.Get, $"{Default}/pods", null, cancellationToken)).Code.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_token_is_nobodys_once_it_expired(CancellationToken cancellationToken)
    {
        using var account = new ApiClient(_host, await TokenAsync("""{"expirationSeconds":600}""", cancellationToken));

        _time.Ahead = TimeSpan.FromSeconds(590);
        var fresh = await account.SendAsync(HttpMethod.Get, "/version", null, cancellationToken);
        _time.Ahead = TimeSpan.FromSeconds(601);
        var old = await account.SendAsync(HttpMethod.Get, "/version", null, cancellationToken);

        (fresh.Code, old.Code).Should().Be((HttpStatusCode.OK, HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_token_is_nobodys_without_its_account(CancellationToken cancellationToken)
    {
        using var account = new ApiClient(_host, await TokenAsync("{}", cancellationToken));

        await _master.SendAsync(HttpMethod.Delete, $"{Default}/serviceaccounts/a", null, cancellationToken);
        await _master.SendAsync(HttpMethod.Post, $"{Default}/serviceaccounts", """{"metadata":{"name":"a"}}""", cancellationToken);

        (await account.SendAsync(HttpMethod.Get, "/version", null, cancellationToken)).Code.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task A_token_dies_with_what_it_is_bound_to(CancellationToken cancellationToken)
    {
        await _master.SendAsync(HttpMethod.Post, $"{Default}/secrets", """{"metadata":{"name":"s"}}""", cancellationToken);
        using var account = new ApiClient(_host, await TokenAsync("""{"boundObjectRef":{"apiVersion":"v1","kind":"Secret","name":"s"}}""", cancellationToken));
        var before = await account.SendAsync(HttpMethod.Get, "/version", null, cancellationToken);

        await _master.SendAsync(HttpMethod.Delete, $"{Default}/secrets/s", null, cancellationToken);
        var after = await account.SendAsync(HttpMethod.Get, "/version", null, cancellationToken);

        (before.Code, after.Code).Should().Be((HttpStatusCode.OK, HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_token_for_others_or_with_other_claims_is_nobodys_here(CancellationToken cancellationToken)
    {
        var token = await TokenAsync("{}", cancellationToken);
        var other = await TokenAsync("""{"audiences":["elsewhere"]}""", cancellationToken);
        var mixed = $"{token.Split('.')[0]}.{other.Split('.')[1]}.{token.Split('.')[2]}";
        foreach (var wrong in new[] { other, mixed, "a.b.c", "a.b", "not/base64.x.y" })
        {
            using var client = new ApiClient(_host, wrong);

            (await client.SendAsync(HttpMethod.Get, "/version", null, cancellationToken)).Code.Should().Be(HttpStatusCode.Unauthorized, "of {0}", wrong);
        }
    }

    [Test]
    public async Task Who_has_no_token_sees_the_version_and_nothing_else(CancellationToken cancellationToken)
    {
        using var nobody = new ApiClient(_host, "");

        var version = await nobody.SendAsync(HttpMethod.Get, "/version", null, cancellationToken);
        var groups = await nobody.SendAsync(HttpMethod.Get, "/apis", null, cancellationToken);

        version.Code.Should().Be(HttpStatusCode.OK);
        groups.Code.Should().Be(HttpStatusCode.Forbidden);
        ((string?)groups.Body["message"]).Should().Be("forbidden: User \"system:anonymous\" cannot get path \"/apis\"");
    }

    [Test]
    public async Task Nobody_acts_as_another_without_the_right_to(CancellationToken cancellationToken)
    {
        using var account = new ApiClient(_host, await TokenAsync("{}", cancellationToken));

        var refused = await account.SendAsync(HttpMethod.Get, "/version", null, cancellationToken, ("Impersonate-User", "jane"));
        var master = await account.SendAsync(HttpMethod.Get, "/version", null, cancellationToken, ("Impersonate-User", "system:serviceaccount:default:a"), ("Impersonate-Group", "system:masters"));

        ((string?)refused.Body["message"]).Should().Be(
            "users \"jane\" is forbidden: User \"system:serviceaccount:default:a\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope");
        master.Code.Should().Be(HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task A_binding_gives_nothing_that_its_maker_does_not_have(CancellationToken cancellationToken)
    {
        await _master.SendAsync(HttpMethod.Post, $"{Rbac}/roles", ReadPods, cancellationToken);
        await _master.SendAsync(
            HttpMethod.Post,
            $"{Rbac}/roles",
            """{"metadata":{"name":"binder"},"rules":[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["rolebindings"],"verbs":["create"]}]}""",
            cancellationToken);
        await BindAsync("""{"kind":"User","name":"joe"}""", cancellationToken, "binder");
        const string binding = """{"metadata":{"name":"mine"},"roleRef":{"kind":"Role","name":"reader"},"subjects":[{"kind":"User","name":"joe"}]}""";

        var refused = await _master.SendAsync(HttpMethod.Post, $"{Rbac}/rolebindings", binding, cancellationToken, ("Impersonate-User", "joe"));
        await BindAsync("""{"kind":"User","name":"joe"}""", cancellationToken);
        var held = await _master.SendAsync(HttpMethod.Post, $"{Rbac}/rolebindings", binding, cancellationToken, ("Impersonate-User", "joe"));

        ((string?)refused.Body["message"]).Should().EndWith("not currently held:\n{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"get\" \"list\"]}");
        held.Code.Should().Be(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_binding_of_a_role_that_is_not_there_is_named_in_the_refusal(CancellationToken cancellationToken)
    {
        await BindAsync("""{"kind":"User","name":"joe"}""", cancellationToken, "absent", makesRole: false);

        var refused = await _master.SendAsync(HttpMethod.Get, $"{Default}/pods", null, cancellationToken, ("Impersonate-User", "joe"));

        ((string?)refused.Body["message"]).Should().EndWith("in the namespace \"default\": RBAC: role.rbac.authorization.k8s.io \"absent\" not found");
    }

    [Test]
    public async Task A_review_lists_the_rules_of_who_asks(CancellationToken cancellationToken)
    {
        await BindAsync("""{"kind":"User","name":"joe"}""", cancellationToken);
        const string reviews = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

        var review = await _master.SendAsync(HttpMethod.Post, reviews, """{"spec":{"namespace":"default"}}""", cancellationToken, ("Impersonate-User", "joe"));

        review.Code.Should().Be(HttpStatusCode.Created);
        review.Body["status"]!["resourceRules"]!.AsArray().Select(rule => rule!.ToJsonString())
            .Should().ContainSingle(rule => rule == """{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}""");
        ((bool?)review.Body["status"]!["incomplete"]).Should().BeFalse();
    }

    [Test]
    public async Task A_review_of_a_token_tells_whose_it_is(CancellationToken cancellationToken)
    {
        var token = await TokenAsync("{}", cancellationToken);
        const string reviews = "/apis/authentication.k8s.io/v1/tokenreviews";

        var known = await _master.SendAsync(HttpMethod.Post, reviews, $$$"""{"spec":{"token":"{{{token}}}"}}""", cancellationToken);
        var elsewhere = await _master.SendAsync(HttpMethod.Post, reviews, $$$"""{"spec":{"token":"{{{token}}}","audiences":["elsewhere"]}}""", cancellationToken);

        ((bool?)known.Body["status"]!["authenticated"]).Should().BeTrue();
        ((string?)known.Body["status"]!["user"]!["username"]).Should().Be("system:serviceaccount:default:a");
        elsewhere.Body["status"]!["authenticated"].Should().BeNull();
        ((string?)elsewhere.Body["status"]!["error"]).Should().Contain("is invalid for the target audiences [\"elsewhere\"]");
    }

    private async Task<string> TokenAsync(string spec, CancellationToken cancellationToken)
    {
        var made = await _master.SendAsync(HttpMethod.Post, $"{Default}/serviceaccounts/a/token", $$$"""{"spec":{{{spec}}}}""", cancellationToken);
        return (string)made.Body["status"]!["token"]!;
    }

    private async Task BindAsync(string subject, CancellationToken cancellationToken, string role = "reader", bool makesRole = true)
    {
        if (makesRole)
        {
            await _master.SendAsync(HttpMethod.Post, $"{Rbac}/roles", ReadPods, cancellationToken);
        }

        var binding = $$"""{"metadata":{"name":"{{role}}"},"roleRef":{"kind":"Role","name":"{{role}}"},"subjects":[{{subject}}]}""";
        (await _master.SendAsync(HttpMethod.Post, $"{Rbac}/rolebindings", binding, cancellationToken)).Code.Should().Be(HttpStatusCode.Created);
    }

    private sealed class MovableTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
