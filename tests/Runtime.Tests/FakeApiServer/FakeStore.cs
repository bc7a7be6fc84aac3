using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Slipway.Runtime.Tests;

/// <summary>Objects, versions and the history that watches read. All under one lock.</summary>
internal sealed class FakeStore
{
    /// <summary>Injected, it ends a watch as the server's timeout does: orderly, after the lines before it.</summary>
    public const string EndOfWatch = "END";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _applied = [];
    private readonly List<Change> _history = [];
    private readonly List<Watcher> _watchers = [];
    private long _version = 100;
    private long _compacted;
    private int _uid;

    /// <summary>What the server adds to or rewrites in an object before it is stored.</summary>
    public Action<JsonObject> Default { get; set; } = _ => { };

    public string Version
    {
        get
        {
            lock (_gate)
            {
                return $"{_version}";
            }
        }
    }

    /// <summary>Forgets the history: watches from before are answered 410.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            _compacted = ++_version;
            _history.Clear();
        }
    }

    public JsonObject? Get(string collection, string @namespace, string name)
    {
        lock (_gate)
        {
            return (JsonObject?)_objects.GetValueOrDefault(Path(collection, @namespace, name))?.DeepClone();
        }
    }

    public List<JsonObject> List(string collection, string @namespace, string selector)
    {
        lock (_gate)
        {
            return [.. _objects
                .Where(entry => entry.Key.StartsWith($"{collection}|{(@namespace.Length == 0 ? "" : $"{@namespace}|")}", StringComparison.Ordinal) && Matches(entry.Value, selector))
                .Select(entry => (JsonObject)entry.Value.DeepClone())];
        }
    }

    public JsonObject Create(string collection, JsonObject entity)
    {
        lock (_gate)
        {
            var stored = (JsonObject)entity.DeepClone();
            if (_objects.ContainsKey(Path(collection, (string?)stored["metadata"]!["namespace"] ?? "", (string)stored["metadata"]!["name"]!)))
            {
                throw new FakeStatus(409, "AlreadyExists", $"{collection} \"{stored["metadata"]!["name"]}\" already exists");
            }

            stored["metadata"]!["uid"] ??= $"uid-{++_uid}";
            stored["metadata"]!["creationTimestamp"] ??= "2026-01-01T00:00:00Z";
            return Store(collection, stored, "ADDED");
        }
    }

    /// <summary>Changes the object in place; without a change there is no new version.</summary>
    public JsonObject Update(string collection, string @namespace, string name, Action<JsonObject> change, bool dryRun = false)
    {
        lock (_gate)
        {
            var before = _objects.GetValueOrDefault(Path(collection, @namespace, name)) ?? throw new FakeStatus(404, "NotFound", $"{collection} \"{name}\" not found");
            var after = (JsonObject)before.DeepClone();
            change(after);
            Default(after);
            return JsonNode.DeepEquals(before, after) || dryRun ? after : Store(collection, after, "MODIFIED");
        }
    }

    public JsonObject Apply(string collection, string @namespace, string name, JsonObject applied, string manager, bool dryRun)
    {
        lock (_gate)
        {
            var path = Path(collection, @namespace, name);
            var sentVersion = (string?)applied["metadata"]!["resourceVersion"];
            var configuration = (JsonObject)applied.DeepClone();
            configuration["metadata"]!.AsObject().Remove("resourceVersion");
            if (!_objects.TryGetValue(path, out var live))
            {
                return sentVersion is not null ? throw new FakeStatus(409, "Conflict", "no such object to have that version") : CreateApplied(collection, path, configuration, manager, dryRun);
            }

            if (sentVersion is not null && sentVersion != (string?)live["metadata"]!["resourceVersion"])
            {
                throw new FakeStatus(409, "Conflict", "the object has been modified");
            }

            var merged = Update(collection, @namespace, name, target => FakePatches.Apply(target, configuration, _applied.GetValueOrDefault($"{path}|{manager}")), dryRun);
            if (!dryRun)
            {
                _applied[$"{path}|{manager}"] = configuration;
            }

            return merged;
        }
    }

    public JsonObject Delete(string collection, string @namespace, string name, JsonObject? preconditions = null)
    {
        lock (_gate)
        {
            var path = Path(collection, @namespace, name);
            var live = _objects.GetValueOrDefault(path) ?? throw new FakeStatus(404, "NotFound", $"{collection} \"{name}\" not found");
            foreach (var (field, wanted) in preconditions ?? [])
            {
                if ((string?)wanted != (string?)live["metadata"]![field])
                {
                    throw new FakeStatus(409, "Conflict", $"the {field} in the precondition is not the object's");
                }
            }

            _objects.Remove(path);
            live = (JsonObject)live.DeepClone();
            live["metadata"]!["resourceVersion"] = $"{++_version}";
            Publish(new(_version, collection, "DELETED", live));
            return live;
        }
    }

    /// <summary>What happened after <paramref name="version"/>, and what will.</summary>
    public ChannelReader<Change> Watch(string collection, string @namespace, string selector, long version)
    {
        lock (_gate)
        {
            if (version < _compacted)
            {
                throw new FakeStatus(410, "Expired", "too old resource version");
            }

            var watcher = new Watcher(collection, @namespace, selector, Channel.CreateUnbounded<Change>());
            _history.Where(change => change.Version > version).ToList().ForEach(watcher.Offer);
            _watchers.Add(watcher);
            return watcher.Events.Reader;
        }
    }

    /// <summary>Sends a line to open watches that no change of an object stands behind.</summary>
    public void Inject(string collection, string type, JsonObject body)
    {
        lock (_gate)
        {
            _watchers.Where(watcher => watcher.Collection == collection).ToList().ForEach(watcher => watcher.Events.Writer.TryWrite(new(0, collection, type, body)));
        }
    }

    private static string Path(string collection, string @namespace, string name) => $"{collection}|{@namespace}|{name}";

    private static bool Matches(JsonObject entity, string selector)
    {
        var labels = entity["metadata"]!["labels"] as JsonObject;
        return selector.Split(',', StringSplitOptions.RemoveEmptyEntries).All(term =>
            term.Split('=') is [var key, var value] ? (string?)labels?[key] == value : labels?.ContainsKey(term) == true);
    }

    private JsonObject CreateApplied(string collection, string path, JsonObject configuration, string manager, bool dryRun)
    {
        if (dryRun)
        {
            return configuration;
        }

        _applied[$"{path}|{manager}"] = configuration;
        return Create(collection, configuration);
    }

    private JsonObject Store(string collection, JsonObject entity, string type)
    {
        Default(entity);
        entity["metadata"]!["resourceVersion"] = $"{++_version}";
        _objects[Path(collection, (string?)entity["metadata"]!["namespace"] ?? "", (string)entity["metadata"]!["name"]!)] = entity;
        Publish(new(_version, collection, type, (JsonObject)entity.DeepClone()));
        return (JsonObject)entity.DeepClone();
    }

    private void Publish(Change change)
    {
        _history.Add(change);
        _watchers.ForEach(watcher => watcher.Offer(change));
    }

    public sealed record Change(long Version, string Collection, string Type, JsonObject Entity);

    private sealed record Watcher(string Collection, string Namespace, string Selector, Channel<Change> Events)
    {
        public void Offer(Change change)
        {
            if (change.Collection == Collection
                && (Namespace.Length == 0 || Namespace == (string?)change.Entity["metadata"]!["namespace"])
                && Matches(change.Entity, Selector))
            {
                Events.Writer.TryWrite(change);
            }
        }
    }
}
