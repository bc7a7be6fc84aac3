using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>
/// Records core/v1 Events for people. Returns at once and never throws: events are sent in the background, equal ones are counted up in one
/// Event, and those that find the queue full are dropped and counted. Messages are cut at 1,024 bytes.
/// </summary>
public interface IEventRecorder
{
    /// <param name="reason">CamelCase, from a closed set.</param>
    void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message);

    /// <param name="reason">CamelCase, from a closed set.</param>
    void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message);
}
