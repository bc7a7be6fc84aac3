using k8s.Models;

namespace Slipway.DevCluster.Controllers.Jobs;

/// <summary>The conditions of a Job, with Kubernetes' reasons and messages.</summary>
internal sealed class JobConditions(IEnumerable<V1JobCondition>? before, DateTime now)
{
    public const string SuccessCriteriaMet = "SuccessCriteriaMet";
    public const string Complete = "Complete";
    public const string FailureTarget = "FailureTarget";
    public const string Failed = "Failed";
    public const string Suspended = "Suspended";

    private readonly List<V1JobCondition> _all = [.. before ?? []];

    /// <summary>Null when there is none.</summary>
    public IList<V1JobCondition>? All => _all.Count == 0 ? null : _all;

    public bool Hold(string type) => Find(type)?.Status == "True";

    public V1JobCondition? Find(string type) => _all.Find(condition => condition.Type == type);

    public void Succeed(string type) => Set(type, true, "CompletionsReached", "Reached expected number of succeeded pods");

    public void Fail(string reason, string message) => Set(FailureTarget, true, reason, message);

    /// <summary>For the reason that was found first.</summary>
    public void FailForGood()
    {
        var target = Find(FailureTarget)!;
        Set(Failed, true, target.Reason, target.Message);
    }

    /// <summary>A Job that never was suspended has no such condition.</summary>
    public void Suspend(bool suspended)
    {
        if (suspended || Hold(Suspended))
        {
            Set(Suspended, suspended, suspended ? "JobSuspended" : "JobResumed", suspended ? "Job suspended" : "Job resumed");
        }
    }

    private void Set(string type, bool holds, string reason, string message)
    {
        var status = holds ? "True" : "False";
        if (Find(type)?.Status != status)
        {
            _all.RemoveAll(condition => condition.Type == type);
            _all.Add(new() { Type = type, Status = status, Reason = reason, Message = message, LastProbeTime = now, LastTransitionTime = now });
        }
    }
}
