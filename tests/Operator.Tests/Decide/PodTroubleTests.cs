using k8s.Models;
using Slipway.Api;
using Slipway.Operator.Decide;

namespace Slipway.Operator.Tests.Decide;

internal sealed class PodTroubleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ModelDeployment Model = A.Model();

    private static IEnumerable<TestCaseData> Pods()
    {
        yield return Case("ImagePullFailed", "ImagePullBackOff", A.Pod(Model, state: Waiting("ImagePullBackOff", "Back-off pulling image \"x\"")));
        yield return Case("PodConfigInvalid", "secret \"s3\" not found", A.Pod(Model, state: Waiting("CreateContainerConfigError", "secret \"s3\" not found")));
        yield return Case("ModelLoadFailed", "version 9 is not there", A.Pod(Model, state: Waiting("CrashLoopBackOff", "back-off"), last: Ended(1, "version 9 is not there")));
        yield return Case("ModelLoadFailed", "version 9 is not there", A.Pod(Model, state: Ended(1, "version 9 is not there")));
        yield return Case("DigestChanged", "has other bytes", A.Pod(Model, state: Waiting("CrashLoopBackOff", "back-off"), last: Ended(65, "version 7 has other bytes")));
        yield return Case("ServerCrashed", "exited with code 65", A.Pod(Model, last: Ended(65, "")));
        yield return Case("ServerCrashed", "exited with code 139", A.Pod(Model, last: Ended(139, "")));
        yield return Case("ServerCrashed", "container fetch exited with code 3", WithInit(Waiting("CrashLoopBackOff", "back-off"), Ended(3, "")));
        yield return Case("ServerCrashed", "container fetch exited with code 4", WithInit(new() { Running = new() }, Ended(4, "")));
        yield return Case("OutOfMemory", "memory limit", A.Pod(Model, last: new() { Terminated = new() { ExitCode = 137, Reason = "OOMKilled" } }));
        yield return Case("Unschedulable", "0/3 nodes", A.Pod(Model, condition: new() { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "0/3 nodes are available." }));
    }

    [TestCaseSource(nameof(Pods))]
    public void Is_told_with_the_words_of_whoever_knows(V1Pod pod, string reason, string words)
    {
        var finding = PodTrouble.Find(pod, report: null, Now)!;

        finding.Reason.Name.Should().Be(reason);
        finding.Message.Should().Contain(words).And.Contain(pod.Metadata.Name);
    }

    [Test]
    public void A_pod_that_is_merely_starting_has_none() => PodTrouble.Find(A.Pod(Model), report: null, Now).Should().BeNull();

    [Test]
    public void A_container_that_got_over_its_end_has_none()
    {
        var pod = WithInit(Ended(0, "fetched after all"), Ended(3, ""));
        pod.Status.InitContainerStatuses[0].Ready = true;

        PodTrouble.Find(pod, report: null, Now).Should().BeNull();
    }

    [Test]
    public void Trouble_with_the_store_is_what_the_server_says_of_itself()
    {
        var finding = PodTrouble.Find(A.Pod(Model), new() { State = ServerState.Loading, Message = "s3://acme-models answers 503; trying again" }, Now)!;

        finding.Reason.Should().Be(Reasons.ModelLoading);
        finding.Message.Should().Contain("answers 503");
    }

    [Test]
    public void A_long_text_is_cut() =>
        PodTrouble.Find(A.Pod(Model, last: Ended(1, new string('x', 5000))), report: null, Now)!.Message.Length.Should().BeLessThan(1100);

    /// <summary>A pod whose server waits for a container before it.</summary>
    private static V1Pod WithInit(V1ContainerState state, V1ContainerState last)
    {
        var pod = A.Pod(Model, state: new() { Waiting = new() { Reason = "PodInitializing" } });
        pod.Status.InitContainerStatuses = [new() { Name = "fetch", Image = "fetch:1", ImageID = "", RestartCount = 1, State = state, LastState = last }];
        return pod;
    }

    private static V1ContainerState Waiting(string reason, string message) => new() { Waiting = new() { Reason = reason, Message = message } };

    private static V1ContainerState Ended(int code, string message) => new() { Terminated = new() { ExitCode = code, Reason = "Error", Message = message } };

    private static TestCaseData Case(string reason, string words, V1Pod pod) =>
        new TestCaseData(pod, reason, words).SetArgDisplayNames($"{reason}: {words}");
}
