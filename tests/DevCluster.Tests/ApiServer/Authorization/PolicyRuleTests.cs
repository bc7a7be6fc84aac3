using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Authorization;

namespace Slipway.DevCluster.Tests.ApiServer.Authorization;

internal sealed class PolicyRuleTests
{
    [TestCase("get", "", "pods", "", "a", true)]
    [TestCase("delete", "", "pods", "", "a", false)]
    [TestCase("get", "apps", "pods", "", "a", false)]
    [TestCase("get", "", "pods", "log", "a", true)]
    [TestCase("get", "", "pods", "exec", "a", false)]
    [TestCase("get", "", "services", "status", "a", true, Description = "*/status is of every resource")]
    [TestCase("get", "", "services", "", "a", false)]
    public void A_rule_allows_what_it_lists(string verb, string group, string resource, string subresource, string name, bool allowed)
    {
        var rule = Rule("""{"verbs": ["get"], "apiGroups": [""], "resources": ["pods", "pods/log", "*/status"]}""");

        rule.Allows(Wanted(verb, group, resource, subresource, name)).Should().Be(allowed);
    }

    [Test]
    public void A_rule_of_some_names_is_about_no_list()
    {
        var rule = Rule("""{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "resourceNames": ["one"]}""");

        rule.Allows(Wanted("get", "", "secrets", "", "one")).Should().BeTrue();
        rule.Allows(Wanted("get", "", "secrets", "", "two")).Should().BeFalse();
        rule.Allows(Wanted("list", "", "secrets", "", "")).Should().BeFalse();
    }

    [TestCase("/version", true)]
    [TestCase("/apis/apps", true)]
    [TestCase("/apis", false)]
    [TestCase("/metrics", false)]
    public void A_path_may_end_in_anything(string path, bool allowed)
    {
        var rule = Rule("""{"verbs": ["get"], "nonResourceURLs": ["/version", "/apis/*"]}""");

        rule.Allows(new() { Verb = "get", Path = path }).Should().Be(allowed);
    }

    [TestCase("""{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}""", true)]
    [TestCase("""{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods"]}""", true)]
    [TestCase("""{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], "resourceNames": ["a"]}""", true)]
    [TestCase("""{"verbs": ["get"], "apiGroups": ["", "apps"], "resources": ["pods"]}""", false)]
    [TestCase("""{"verbs": ["watch"], "apiGroups": [""], "resources": ["pods"]}""", false)]
    [TestCase("""{"verbs": ["get"], "nonResourceURLs": ["/metrics"]}""", false)]
    public void What_somebody_holds_covers_what_is_no_more(string granted, bool covered)
    {
        var held = Rule("""{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "services"]}""");

        Rule(granted).Split().All(held.Covers).Should().Be(covered);
    }

    private static PolicyRule Rule(string json) => PolicyRule.Of(new JsonObject { ["rules"] = new JsonArray(JsonNode.Parse(json)) }).Single();

    private static AccessRequest Wanted(string verb, string group, string resource, string subresource, string name) =>
        new() { Verb = verb, Group = group, Resource = resource, Subresource = subresource, Name = name };
}
