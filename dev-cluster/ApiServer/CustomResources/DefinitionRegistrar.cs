using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.DevCluster.ApiServer.Fields;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>
/// Keeps the table of kinds in step with the stored definitions: names them, serves what is established, and takes a deleted definition's
/// objects away before the definition itself goes.
/// </summary>
internal sealed class DefinitionRegistrar(ObjectStore store, ResourceCatalog catalog, TimeProvider time, ILogger<DefinitionRegistrar> logger)
{
    private const string Group = "apiextensions.k8s.io";

    /// <summary>Between the mark on a deleted definition and the deletion of its objects, so that clients see the mark.</summary>
    private static readonly TimeSpan DeletionDelay = TimeSpan.FromSeconds(1);

    private readonly ResourceDefinition _definitions = catalog.Find(Group, "v1", "customresourcedefinitions")
        ?? throw new InvalidOperationException("the catalog has no customresourcedefinitions");

    private readonly Dictionary<string, IReadOnlyList<ResourceDefinition>> _served = new(StringComparer.Ordinal);

    /// <summary>Runs until it is cancelled. What it finds at its start counts as changed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var table = store.Table(_definitions.StorageName);
        while (!cancellationToken.IsCancellationRequested)
        {
            var next = table.Changed.Next;
            var again = Settle(table);
            try
            {
                // Objects with finalizers and the delay before deletion are looked at again, a change at once.
                await next.WaitAsync(again ? DeletionDelay / 4 : Timeout.InfiniteTimeSpan, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                continue;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Does what there is to do for all definitions; true when something is left that no change of a definition will announce.</summary>
    public bool Settle(ObjectTable table)
    {
        var again = false;
        var present = table.Current.In(null).ToArray();
        foreach (var gone in _served.Keys.Except(present.Select(crd => crd.Key.Name)).ToArray())
        {
            Withdraw(gone);
        }
        foreach (var crd in present)
        {
            again |= SettleOne(table, crd, present);
        }
        return again;
    }

    // A definition that this server fails on must not keep the others from being served; it is tried again with the next change.
    private bool SettleOne(ObjectTable table, StoredObject crd, IReadOnlyList<StoredObject> present)
    {
        try
        {
            if (crd.Value["metadata"]!["deletionTimestamp"] is { } deleted)
            {
                return !Finish(table, crd, deleted.GetValue<string>());
            }
            Serve(table, crd, present);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Log.DefinitionFailed(logger, crd.Key.Name, exception);
        }
        return false;
    }

    private void Serve(ObjectTable table, StoredObject crd, IReadOnlyList<StoredObject> all)
    {
        var named = DefinitionStatus.Name(crd.Value, all.Where(other => other.Key != crd.Key).Select(other => other.Value), time.GetUtcNow());
        // Served before it is said to be: whoever reads Established finds the kind at once.
        if (DefinitionStatus.IsEstablished(named))
        {
            Publish(crd.Key.Name, DefinitionRows.Of(named));
        }
        if (!JsonNode.DeepEquals(named, crd.Value))
        {
            ManagedFields.Update(
                _definitions.Schema, crd.Value, named, new FieldManager("kube-apiserver", FieldManager.Update, _definitions.ApiVersion, "status"), time.GetUtcNow());
            // Null when somebody else wrote: that change brings us back here.
            store.Replace(table, crd, named);
        }
    }

    private void Publish(string name, IReadOnlyList<ResourceDefinition> rows)
    {
        foreach (var old in _served.GetValueOrDefault(name, []).Where(old => rows.All(row => row.Version != old.Version || row.Plural != old.Plural)))
        {
            catalog.Remove(old.Group, old.Version, old.Plural);
        }
        foreach (var row in rows)
        {
            catalog.Put(row);
        }
        _served[name] = rows;
    }

    // True when the definition is gone.
    private bool Finish(ObjectTable table, StoredObject crd, string deleted)
    {
        if (DateTimeOffset.TryParse(deleted, System.Globalization.CultureInfo.InvariantCulture, out var since) && time.GetUtcNow() < since + DeletionDelay)
        {
            return false;
        }
        if (_served.TryGetValue(crd.Key.Name, out var rows) && rows is [var row, ..] && !Empty(store.Table(row.StorageName)))
        {
            return false;
        }
        var next = crd.Clone();
        var finalizers = next["metadata"]!["finalizers"] as JsonArray ?? [];
        var left = finalizers.Where(finalizer => finalizer?.GetValue<string>() != DefinitionStatus.Finalizer).Select(finalizer => finalizer?.DeepClone()).ToArray();
        if (left.Length == 0)
        {
            Withdraw(crd.Key.Name);
            return store.Remove(table, crd) is not null;
        }
        next["metadata"]!["finalizers"] = new JsonArray(left);
        return left.Length == finalizers.Count || store.Replace(table, crd, next) is not null;
    }

    // True when no object is left; marks those that have finalizers.
    private bool Empty(ObjectTable table)
    {
        foreach (var item in table.Current.In(null).ToArray())
        {
            if (item.Value["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
            {
                store.Remove(table, item);
            }
            else if (item.Value["metadata"]!["deletionTimestamp"] is null)
            {
                var next = item.Clone();
                var metadata = next["metadata"]!.AsObject();
                metadata["deletionTimestamp"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
                metadata["deletionGracePeriodSeconds"] = 0;
                metadata["generation"] = (long?)metadata["generation"] + 1;
                store.Replace(table, item, next);
            }
        }
        return table.Current.Count == 0;
    }

    private void Withdraw(string name)
    {
        if (_served.Remove(name, out var rows))
        {
            foreach (var row in rows)
            {
                catalog.Remove(row.Group, row.Version, row.Plural);
            }
            if (rows is [var first, ..])
            {
                store.Drop(first.StorageName);
            }
        }
    }
}
