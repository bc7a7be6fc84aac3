using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Desire;

/// <summary>Which bytes a version has to have, and since when.</summary>
internal sealed class VersionDigestTests
{
    private static readonly string First = $"sha256:{new string('a', 64)}";
    private static readonly string Other = $"sha256:{new string('b', 64)}";

    [Test]
    public void Nobody_knows_it_before_a_pod_is_ready()
    {
        var observed = A.Reported(A.Model(), First);
        observed = observed with { Pods = [A.Pod(observed.Model, "p", ready: false)] };

        Of(observed).Should().BeEmpty();
    }

    [Test]
    public void The_first_ready_pod_tells_it() => Of(A.Reported(A.Model(), First)).Should().Be(First);

    [Test]
    public void What_was_recorded_counts_for_more_than_what_a_later_pod_tells() =>
        Of(A.Reported(A.Model(), Other) with { Revisions = [A.Record(A.Model(), 1, First)] }).Should().Be(First);

    [Test]
    public void Status_tells_it_of_models_that_were_served_before_there_were_records()
    {
        var status = new ModelDeploymentStatus
        {
            Model = new() { Version = "7", Digest = First },
            Conditions = [new() { Type = ConditionTypes.Ready, Status = "True", ObservedGeneration = 3 }],
        };

        Of(A.Observed(A.Model(status: status), null)).Should().Be(First);
    }

    [Test]
    public void Another_revision_of_the_same_version_in_the_same_place_has_the_same_bytes() =>
        Of(A.Observed(A.Model(server: new() { RequestTimeout = "20s" }), null) with { Revisions = [A.Record(A.Model(), 1, First)] }).Should().Be(First);

    [TestCase("8", "s3://acme-models/fraud-detector")]
    [TestCase("7", "s3://acme-models/other")]
    public void Another_version_or_place_has_bytes_of_its_own(string version, string uri) =>
        Of(A.Observed(A.Model(version, uri: uri), null) with { Revisions = [A.Record(A.Model(), 1, First)] }).Should().BeEmpty();

    [Test]
    public void A_server_that_tells_of_another_version_tells_nothing_of_this_one()
    {
        var observed = A.Reported(A.Model("latest"), First);

        Of(observed with { Reports = new Dictionary<string, ServerStatus> { ["p"] = new() { Version = "12", Digest = First, State = ServerState.Ready } } }).Should().BeEmpty();
    }

    [TestCase("abc")]
    [TestCase("sha256:")]
    public void What_is_no_digest_is_not_recorded(string told) => Of(A.Reported(A.Model(), told)).Should().BeEmpty();

    [Test]
    public void The_users_own_digest_counts_once_a_pod_had_it()
    {
        var pinned = A.Model(digest: Other);

        Of(A.Observed(pinned, null) with { Revisions = [A.Record(A.Model(), 1, First)] }).Should().BeEmpty("a slip of the pen is not recorded");
        Of(A.Reported(pinned, Other) with { Revisions = [A.Record(A.Model(), 1, First)] }).Should().Be(Other);
    }

    [Test]
    public void Bytes_that_the_user_named_once_stay_when_the_digest_is_taken_out_again()
    {
        V1ControllerRevision[] records = [A.Record(A.Model(), 1, First), A.Record(A.Model(digest: Other), 2, Other)];
        var observed = A.Observed(A.Model(), null) with { Revisions = records };

        Of(observed).Should().Be(Other);

        var record = ControllerRevisionBuilder.Build(new(observed.Model, Revision.Of(observed.Model.Spec), A.ServerImage) { Digest = Of(observed) }, records);
        Of(observed with { Revisions = [record, records[1]] }).Should().Be(Other, "the newest record is its own by now");
    }

    private static string Of(Observed observed) => VersionDigest.Of(observed, Revision.Of(observed.Model.Spec));
}
