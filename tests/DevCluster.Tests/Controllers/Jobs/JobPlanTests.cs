using k8s.Models;
using Slipway.DevCluster.Controllers.Jobs;

namespace Slipway.DevCluster.Tests.Controllers.Jobs;

internal sealed class JobPlanTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [TestCase(5, 2, 0, 0, 2, Description = "as many as run at once")]
    [TestCase(5, 2, 0, 1, 1)]
    [TestCase(5, 2, 4, 0, 1, Description = "only one is still needed")]
    [TestCase(5, 2, 4, 1, 0)]
    [TestCase(null, 3, 0, 0, 3, Description = "a queue of work")]
    [TestCase(null, 3, 1, 2, 0, Description = "once one has succeeded no other begins")]
    public void As_many_pods_are_made_as_run_at_once_and_are_still_needed(int? completions, int parallelism, int succeeded, int active, int expected)
    {
        var job = Job(completions, parallelism);
        job.Status = new() { Succeeded = succeeded, StartTime = Now };

        JobPlan.Of(job, [.. Enumerable.Range(0, active).Select(_ => Pod("Running"))], Now).Create.Should().Be(expected);
    }

    [Test]
    public void Pods_above_what_runs_at_once_go_and_ready_ones_last()
    {
        var ready = Pod("Running");
        ready.Status.Conditions = [new() { Type = "Ready", Status = "True" }];

        JobPlan.Of(Job(5, 1), [ready, Pod("Pending")], Now).Delete.Should().ContainSingle().Which.Status.Phase.Should().Be("Pending");
    }

    [Test]
    public void An_end_is_noted_first_then_let_go_and_then_counted()
    {
        var job = Job(1, 1);
        var pod = Pod("Succeeded");

        var noted = JobPlan.Of(job, [pod], Now);
        (noted.Status.Succeeded, noted.Create).Should().Be((null, 0));
        noted.Status.UncountedTerminatedPods.Succeeded.Should().Equal(pod.Metadata.Uid);
        noted.Release.Should().Equal(pod);
        noted.Status.Conditions.Single().Type.Should().Be("SuccessCriteriaMet");

        job.Status = noted.Status;
        pod.Metadata.Finalizers = null;
        var counted = JobPlan.Of(job, [pod], Now);
        counted.Status.Succeeded.Should().Be(1);
        counted.Status.Conditions.Select(condition => condition.Type).Should().Equal("SuccessCriteriaMet", "Complete");
        counted.Status.CompletionTime.Should().Be(Now);

        job.Status = counted.Status;
        JobPlan.Of(job, [], Now).Status.Succeeded.Should().Be(1, "it stays counted when its pod is gone");
    }

    [TestCase(1, 10)]
    [TestCase(2, 20)]
    [TestCase(3, 40)]
    [TestCase(6, 320)]
    [TestCase(9, 600)]
    public void After_failures_the_next_pod_waits_twice_as_long_each_time(int failures, int seconds)
    {
        var pods = Enumerable.Range(0, failures).Select(_ => Pod("Failed", finishedSecondsAgo: 4)).ToList();

        var plan = JobPlan.Of(Job(1, 1, backoff: 20), pods, Now);

        (plan.Create, plan.Wait).Should().Be((0, TimeSpan.FromSeconds(seconds - 4)));
    }

    [Test]
    public void A_wait_that_is_over_and_a_success_let_the_next_pod_begin()
    {
        JobPlan.Of(Job(1, 1), [Pod("Failed", finishedSecondsAgo: 11)], Now).Create.Should().Be(1);
        JobPlan.Of(Job(3, 1), [Pod("Failed", finishedSecondsAgo: 5), Pod("Succeeded", finishedSecondsAgo: 2)], Now).Create.Should().Be(1);
    }

    [Test]
    public void More_failures_than_the_limit_end_the_job()
    {
        var job = Job(3, 2, backoff: 1);
        var running = Pod("Running");
        var failed = new[] { Pod("Failed"), Pod("Failed") };

        var failing = JobPlan.Of(job, [running, .. failed], Now);
        failing.Delete.Should().Equal(running);
        failing.Status.Conditions.Single().Should().BeEquivalentTo(new { Type = "FailureTarget", Reason = "BackoffLimitExceeded" }, options => options.ExcludingMissingMembers());

        job.Status = failing.Status;
        Array.ForEach(failed, pod => pod.Metadata.Finalizers = null);
        var over = JobPlan.Of(job, failed, Now);
        over.Status.Failed.Should().Be(2);
        over.Status.Conditions.Last().Should().BeEquivalentTo(
            new { Type = "Failed", Status = "True", Reason = "BackoffLimitExceeded", Message = "Job has reached the specified backoff limit" }, options => options.ExcludingMissingMembers());
    }

    [Test]
    public void Restarts_in_place_count_against_the_limit()
    {
        var pod = Pod("Running");
        pod.Status.ContainerStatuses = [new() { RestartCount = 2 }];

        JobPlan.Of(Job(1, 1, backoff: 2, policy: "OnFailure"), [pod], Now).Status.Conditions.Single().Reason.Should().Be("BackoffLimitExceeded");
        JobPlan.Of(Job(1, 1, backoff: 3, policy: "OnFailure"), [pod], Now).Status.Conditions.Should().BeNull();
    }

    [Test]
    public void A_deadline_ends_the_job_by_time_alone()
    {
        var job = Job(1, 1);
        job.Spec.ActiveDeadlineSeconds = 60;
        job.Status = new() { StartTime = Now.AddSeconds(-45) };

        JobPlan.Of(job, [Pod("Running")], Now).Wait.Should().Be(TimeSpan.FromSeconds(15));
        var late = JobPlan.Of(job, [Pod("Running")], Now.AddSeconds(15));
        late.Status.Conditions.Single().Reason.Should().Be("DeadlineExceeded");
        late.Delete.Should().ContainSingle();
    }

    [Test]
    public void A_suspended_job_lets_its_pods_go_without_counting_them_and_starts_anew()
    {
        var job = Job(2, 1);
        job.Spec.Suspend = true;
        job.Status = new() { StartTime = Now.AddMinutes(-1) };
        var going = Pod("Running");
        going.Metadata.DeletionTimestamp = Now;

        var suspended = JobPlan.Of(job, [going], Now);
        (suspended.Create, suspended.Status.StartTime, suspended.Status.Terminating).Should().Be((0, null, 1));
        suspended.Status.UncountedTerminatedPods.Failed.Should().BeNull();
        suspended.Release.Should().Equal(going);
        suspended.Status.Conditions.Single().Should().BeEquivalentTo(new { Type = "Suspended", Status = "True", Reason = "JobSuspended" }, options => options.ExcludingMissingMembers());

        job.Spec.Suspend = false;
        job.Status = suspended.Status;
        var resumed = JobPlan.Of(job, [], Now);
        (resumed.Create, resumed.Status.StartTime).Should().Be((1, Now));
        resumed.Status.Conditions.Single().Should().BeEquivalentTo(new { Status = "False", Reason = "JobResumed" }, options => options.ExcludingMissingMembers());
    }

    [Test]
    public void A_finished_job_goes_when_its_time_is_over()
    {
        var job = Job(1, 1);
        job.Spec.TtlSecondsAfterFinished = 100;
        job.Status = new() { Succeeded = 1, Conditions = [new() { Type = "Complete", Status = "True", LastTransitionTime = Now.AddSeconds(-40) }] };

        (JobPlan.Of(job, [], Now) is var before ? (before.IsExpired, before.Wait) : default).Should().Be((false, TimeSpan.FromSeconds(60)));
        JobPlan.Of(job, [], Now.AddSeconds(60)).IsExpired.Should().BeTrue();
    }

    private static V1Job Job(int? completions, int parallelism, int backoff = 6, string policy = "Never") => new()
    {
        Spec = new() { Completions = completions, Parallelism = parallelism, BackoffLimit = backoff, Template = new() { Spec = new() { RestartPolicy = policy } } },
    };

    /// <summary>A pod that its finalizer still holds.</summary>
    private static V1Pod Pod(string phase, int finishedSecondsAgo = 3600) => new()
    {
        Metadata = new() { Uid = Guid.NewGuid().ToString(), Finalizers = [JobPods.Finalizer], CreationTimestamp = Now },
        Status = new() { Phase = phase, ContainerStatuses = phase == "Running" ? null : [new() { State = new() { Terminated = new() { FinishedAt = Now.AddSeconds(-finishedSecondsAgo) } } }] },
    };
}
