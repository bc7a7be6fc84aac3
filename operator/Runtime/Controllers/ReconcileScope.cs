using System.Collections;
using System.Globalization;

namespace Slipway.Runtime;

/// <summary>Fields that every log line of one reconcile carries.</summary>
internal sealed class ReconcileScope(ObjectKey key, long id) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 2;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("Entity", key.ToString()),
        1 => new("ReconcileId", id.ToString(CultureInfo.InvariantCulture)),
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, null),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return this[0];
        yield return this[1];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"Entity:{key} ReconcileId:{id}";
}
