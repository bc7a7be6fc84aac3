using k8s;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class RevisionConfigBuilderTests
{
    [Test]
    public void Two_replicas_from_a_bucket() => Golden.Match(RevisionConfigBuilder.Build(A.Context())!, "revision-config");

    [Test]
    public void An_older_one_is_kept_exactly_as_it_was_applied()
    {
        var applied = RevisionConfigBuilder.Build(A.Context());
        applied.Metadata.ResourceVersion = "17";
        applied.Metadata.Annotations = new Dictionary<string, string> { [Names.AppliedHash] = "abc" };

        var kept = RevisionConfigBuilder.Keep(applied);

        KubernetesJson.Serialize(kept).Should().Be(KubernetesJson.Serialize(RevisionConfigBuilder.Build(A.Context())));
    }
}
