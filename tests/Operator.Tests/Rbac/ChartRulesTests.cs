using Slipway.Operator.Rbac;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Rbac;

internal sealed class ChartRulesTests
{
    private static readonly IReadOnlyList<ResourceAccess> Access = OperatorHost.Access(new() { Kubernetes = new(), Lease = new("any", "any") });

    [Test]
    public void Nothing_is_asked_of_secrets_and_nothing_reaches_into_pods()
    {
        Access.Select(access => access.Resource).Should().NotContain(resource => resource.StartsWith("secrets") || resource.StartsWith("pods/"));
        Access.Where(access => access.Resource == "pods").SelectMany(access => access.Verbs).Should().BeSubsetOf(["get", "list", "watch"]);
        Access.SelectMany(access => access.Verbs.Append(access.Resource).Append(access.ApiGroup)).Should().NotContain("*");
    }

    [Test]
    public void Children_can_be_made_and_taken_away_again() => VerbsOf("apps", "deployments").Should().BeEquivalentTo("get", "list", "watch", "create", "patch", "delete");

    [Test]
    public void The_spec_of_a_ModelDeployment_is_never_written()
    {
        VerbsOf("slipway.dev", "modeldeployments").Should().BeEquivalentTo("list", "watch");
        VerbsOf("slipway.dev", "modeldeployments/status").Should().BeEquivalentTo("patch");
        VerbsOf("slipway.dev", "modeldeployments/finalizers").Should().BeEquivalentTo("update");
    }

    [Test]
    public void The_lease_is_asked_for_in_its_own_namespace()
    {
        Access.Where(access => access.ForLease).Select(access => access.Resource).Should().BeEquivalentTo("leases", "events");
        OperatorHost.Access(new() { Kubernetes = new() }).Should().NotContain(access => access.ForLease, "an operator that acts alone has none");
    }

    [Test]
    public void A_rule_holds_all_resources_of_a_group_that_are_asked_for_the_same()
    {
        var rules = ChartRules.Render().Split('\n');

        rules.Should().Contain("""- {apiGroups: [""], resources: [configmaps, serviceaccounts, services], verbs: [create, delete, get, list, patch, watch]}""");
        rules.Should().Contain("- {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create, get, update]}");
    }

    private static IEnumerable<string> VerbsOf(string group, string resource) =>
        Access.Where(access => access.ApiGroup == group && access.Resource == resource).SelectMany(access => access.Verbs);
}
