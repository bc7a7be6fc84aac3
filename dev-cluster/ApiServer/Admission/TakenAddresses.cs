using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Admission;

/// <summary>
/// The addresses and node ports of the stored Services. It follows what is stored, so that nothing can leak; and one Service more costs the same
/// however many there are. Not safe for many threads.
/// </summary>
internal sealed class TakenAddresses(ObjectStore store, string services)
{
    private const int Batch = 256;

    private readonly Dictionary<string, int> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _ports = [];
    private ObjectTable? _table;
    private long _position;

    public bool HasAddress(string address) => _addresses.ContainsKey(address);

    public bool HasPort(int port) => _ports.ContainsKey(port);

    /// <summary>Reads what was stored since the last call.</summary>
    public void CatchUp()
    {
        var table = store.Table(services);
        if (table != _table)
        {
            Begin(table);
        }

        while (table.EventsAfter(_position, Batch) is var events)
        {
            if (events is null)
            {
                Begin(table);
                continue;
            }

            if (events.Count == 0)
            {
                return;
            }

            foreach (var change in events)
            {
                Count(change.Previous, -1);
                Count(change.Type == StoreEventType.Deleted ? null : change.Object, 1);
            }

            _position = events[^1].Revision;
        }
    }

    private void Begin(ObjectTable table)
    {
        _table = table;
        _addresses.Clear();
        _ports.Clear();
        (_position, var objects) = store.Read(table);
        foreach (var service in objects.In(null))
        {
            Count(service, 1);
        }
    }

    private void Count(StoredObject? service, int change)
    {
        if (service?.Value["spec"] is not JsonObject spec)
        {
            return;
        }

        Count(_addresses, (string?)spec["clusterIP"] ?? "", change);
        foreach (var port in ServiceAddresses.Ports(spec))
        {
            Count(_ports, ServiceAddresses.NodePort(port), change);
        }
    }

    private static void Count<TKey>(Dictionary<TKey, int> counts, TKey key, int change)
        where TKey : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        count += change;
        if (count == 0)
        {
            counts.Remove(key);
        }
    }
}
