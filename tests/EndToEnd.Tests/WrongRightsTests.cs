using System.Text.Json.Nodes;
using Slipway.EndToEnd.Tests.Support;
using Slipway.Operator.Manifests;

[assembly: FixturesRun(typeof(Slipway.EndToEnd.Tests.WrongRightsTests))]

namespace Slipway.EndToEnd.Tests;

/// <summary>The last fixture: a right that is not used in all of the tests before is one too many, and one that was used and is not granted is one too few.</summary>
[OwnCluster(OwnClusterAttribute.Requests)]
internal sealed class WrongRightsTests
{
    /// <summary>Rights that no request shows, each with its reason.</summary>
    private static readonly Dictionary<AskedFor, string> UsedUnseen = new()
    {
        [new("slipway.dev", "modeldeployments/finalizers", "update")] =
            "the API server asks for it when a child names its owner with blockOwnerDeletion (admission plugin OwnerReferencesPermissionEnforcement)",
    };

    private const string Mend = "what nobody asks for is granted to whoever takes over the operator: grant it no longer, or show its use in a test";

    private const string Grant = "an operator asks for it, which an installed one would be forbidden: register the access where it is asked for, and generate the chart's rules";

    [Test]
    public void Every_right_of_the_chart_is_used()
    {
        var missing = FixturesRunAttribute.Missing(GetType().Assembly).ToList();
        if (missing.Count > 0)
        {
            Assert.Ignore($"This judges a run of all fixtures; not run were {string.Join(", ", missing)}.");
        }

        var (everywhere, atTheLease) = (Granted("slipway.rules"), Granted("slipway.leaderElectionRules"));

        everywhere.Should().Contain(UsedUnseen.Keys, "an exemption is of a right that is granted");
        Unused(everywhere.Except(UsedUnseen.Keys), forLease: false).Should().BeEmpty(Mend);
        Unused(atTheLease, forLease: true).Should().BeEmpty(Mend);
    }

    /// <summary>The local cluster's own client may do everything, so that no test before fails for a right that the chart lacks.</summary>
    [Test]
    public void Every_request_of_an_operator_is_granted_by_the_chart()
    {
        AllAsked.Of(forLease: false).Should().NotBeEmpty("an operator ran");
        Refused(Granted("slipway.rules"), forLease: false).Concat(Refused(Granted("slipway.leaderElectionRules"), forLease: true)).Should().BeEmpty(Grant);
    }

    private static IEnumerable<string> Unused(IEnumerable<AskedFor> rights, bool forLease) => Told(rights.Except(AllAsked.Of(forLease)));

    private static IEnumerable<string> Refused(IEnumerable<AskedFor> rights, bool forLease) => Told(AllAsked.Of(forLease).Except(rights));

    private static IEnumerable<string> Told(IEnumerable<AskedFor> rights) => rights.Select(right => $"{right.Verb} {right.Resource} ({right.Group})");

    /// <summary>The rights in one of the chart's generated templates.</summary>
    private static List<AskedFor> Granted(string template)
    {
        var lines = File.ReadLines(Path.Combine(Helm.Chart, "templates", "_rules.tpl"))
            .SkipWhile(line => !line.Contains($"\"{template}\"", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith("- ", StringComparison.Ordinal));
        var rights = Yaml.Parse(string.Join('\n', lines))!.AsArray()
            .SelectMany(rule => Texts(rule!, "apiGroups").SelectMany(group => Texts(rule!, "resources")
                .SelectMany(resource => Texts(rule!, "verbs").Select(verb => new AskedFor(group, resource, verb)))))
            .ToList();
        rights.Should().NotBeEmpty($"{template} grants something");
        return rights;
    }

    private static IEnumerable<string> Texts(JsonNode rule, string field) => rule[field]!.AsArray().Select(value => (string)value!);
}
