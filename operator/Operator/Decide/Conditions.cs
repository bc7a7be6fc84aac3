using k8s.Models;
using Slipway.Api;

namespace Slipway.Operator.Decide;

/// <summary>Builds the list of conditions; a transition time moves only when its status does.</summary>
internal sealed class Conditions(ModelDeployment model, DateTimeOffset now)
{
    /// <summary>Far below what the schema allows, and more than anybody reads: somebody else's text must not make status unwritable.</summary>
    private const int MaxMessage = 4096;

    private readonly List<V1Condition> _list = [];

    public IReadOnlyList<V1Condition> List => _list;

    /// <param name="status">Null stands for Unknown.</param>
    public void Set(string type, bool? status, Reason reason, string message)
    {
        var text = status switch { true => "True", false => "False", null => "Unknown" };
        var old = model.Status?.Conditions.FirstOrDefault(condition => condition.Type == type);
        _list.Add(new()
        {
            Type = type,
            Status = text,
            Reason = reason.Name,
            Message = message.Length <= MaxMessage ? message : $"{message[..(MaxMessage - 1)]}…",
            ObservedGeneration = model.Metadata.Generation ?? 0,
            LastTransitionTime = old?.Status == text ? old.LastTransitionTime : WholeSeconds(now),
        });
    }

    /// <summary>Leaves a condition as it is, if there is one: of what there is now nothing is known yet.</summary>
    public void Keep(string type) => _list.AddRange(model.Status?.Conditions.Where(condition => condition.Type == type) ?? []);

    /// <summary>Kubernetes keeps times in conditions to the second.</summary>
    private static DateTime WholeSeconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
