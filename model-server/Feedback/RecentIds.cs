using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.ModelServer.Feedback;

/// <summary>The last ids that were counted, as hashes; the oldest are forgotten first. Not for several threads at a time.</summary>
internal sealed class RecentIds(int most)
{
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _order = new();

    /// <summary>Stands for an id of a version; no two ids that anybody finds have the same.</summary>
    public static UInt128 Key(string version, string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{version}\n{id}"), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <returns>False when it is known.</returns>
    public bool TryAdd(UInt128 key)
    {
        if (!_known.Add(key))
        {
            return false;
        }

        _order.Enqueue(key);
        if (_order.Count > most)
        {
            _known.Remove(_order.Dequeue());
        }

        return true;
    }
}
