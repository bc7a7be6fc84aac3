using System.Collections.Concurrent;
using Slipway.Api;
using Slipway.Operator.Decide;
using Slipway.Runtime;

namespace Slipway.Operator;

/// <summary>
/// Tells people of the transitions of Ready, each when status has it. A write of status whose answer was lost may have been carried out all the
/// same: its transition is told as soon as the status that is read shows it.
/// </summary>
internal sealed class Announcer(IEventRecorder events)
{
    private readonly ConcurrentDictionary<ObjectKey, Transition> _untold = new();

    /// <summary>Before status is written: tells what an earlier write turned out to have done, and remembers what this one is to do.</summary>
    /// <param name="finding">Null when there is no transition.</param>
    public void Prepare(ModelDeployment model, Finding? finding)
    {
        if (_untold.TryGetValue(model.Key(), out var earlier) && earlier.IsShownBy(model))
        {
            _untold.TryRemove(model.Key(), out _);
            Tell(model, earlier.Finding);
        }

        if (finding is not null)
        {
            _untold[model.Key()] = new(model.Metadata.Uid, model.Metadata.Generation ?? 0, finding);
        }
    }

    /// <summary>After status is written.</summary>
    /// <inheritdoc cref="Prepare"/>
    public void Written(ModelDeployment model, Finding? finding)
    {
        if (finding is not null)
        {
            _untold.TryRemove(model.Key(), out _);
            Tell(model, finding);
        }
    }

    public void Forget(ObjectKey key) => _untold.TryRemove(key, out _);

    private void Tell(ModelDeployment model, Finding finding)
    {
        if (finding.Reason.Kind is ReasonKind.Fine or ReasonKind.Progress)
        {
            events.Normal(model, finding.Reason.Name, finding.Message);
        }
        else
        {
            events.Warning(model, finding.Reason.Name, finding.Message);
        }
    }

    private sealed record Transition(string Uid, long Generation, Finding Finding)
    {
        public bool IsShownBy(ModelDeployment model) =>
            model.Metadata.Uid == Uid
            && model.Status?.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready) is { } ready
            && ready.Reason == Finding.Reason.Name
            && ready.ObservedGeneration == Generation;
    }
}
