using k8s;
using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Runtime;

namespace Slipway.Operator.Tests;

internal sealed class AnnouncerTests
{
    private static readonly Finding Rolling = new(Reasons.RollingOut, "1 of 2 pods are of the newest revision.");
    private static readonly Finding Ready = new(Reasons.Ready, "Version 7 is served by 2 pods.");

    private readonly Recorder _events = new();

    private Announcer _announcer = null!;

    [SetUp]
    public void Start()
    {
        _events.Told.Clear();
        _announcer = new(_events);
    }

    [Test]
    public void A_transition_is_told_once_it_is_written()
    {
        _announcer.Prepare(A.Model(), Rolling);
        _events.Told.Should().BeEmpty();

        _announcer.Written(A.Model(), Rolling);
        _announcer.Prepare(Showing(Rolling), null);
        _announcer.Written(Showing(Rolling), null);

        _events.Told.Should().Equal("Normal RollingOut");
    }

    [Test]
    public void A_transition_whose_answer_was_lost_is_told_when_status_shows_it_and_not_before()
    {
        _announcer.Prepare(A.Model(), Rolling);

        _announcer.Prepare(A.Model(), null);
        _events.Told.Should().BeEmpty();

        _announcer.Prepare(Showing(Rolling), Ready);
        _announcer.Written(Showing(Rolling), Ready);
        _announcer.Prepare(Showing(Ready), null);
        _events.Told.Should().Equal("Normal RollingOut", "Normal Ready");
    }

    [Test]
    public void What_was_refused_is_told_once_when_it_is_decided_again()
    {
        _announcer.Prepare(A.Model(), Rolling);
        _announcer.Prepare(A.Model(), Rolling);
        _announcer.Written(A.Model(), Rolling);
        _announcer.Prepare(Showing(Rolling), null);

        _events.Told.Should().Equal("Normal RollingOut");
    }

    [Test]
    public void Nothing_is_told_of_an_object_that_was_made_anew_or_is_gone()
    {
        _announcer.Prepare(A.Model(), Rolling);
        var another = Showing(Rolling);
        another.Metadata.Uid = "uid-2";
        _announcer.Prepare(another, null);
        _announcer.Forget(A.Model().Key());
        _announcer.Prepare(Showing(Rolling), null);

        _events.Told.Should().BeEmpty();
    }

    [Test]
    public void What_needs_somebody_is_a_warning()
    {
        _announcer.Written(A.Model(), new(Reasons.Forbidden, "The API server forbids it."));

        _events.Told.Should().Equal("Warning Forbidden");
    }

    private static ModelDeployment Showing(Finding finding) => A.Model(status: new()
    {
        Conditions = [new() { Type = ConditionTypes.Ready, Status = "False", Reason = finding.Reason.Name, ObservedGeneration = 3 }],
    });

    private sealed class Recorder : IEventRecorder
    {
        public List<string> Told { get; } = [];

        public void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => Told.Add($"Normal {reason}");

        public void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => Told.Add($"Warning {reason}");
    }
}
