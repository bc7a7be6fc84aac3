using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Fields;

/// <summary>
/// A set of field paths as a tree. Path elements are kept as <c>fieldsV1</c> writes them: "f:name", "k:{...}" for an item by its keys,
/// "v:..." for an item of a set. A path can be a member itself, have members below it, or both.
/// </summary>
internal sealed class FieldSet
{
    private SortedDictionary<string, FieldSet>? _children;

    /// <summary>Whether the path that leads here belongs to the set.</summary>
    public bool IsMember { get; set; }

    public bool IsEmpty => !IsMember && _children is null or { Count: 0 };

    public IEnumerable<KeyValuePair<string, FieldSet>> Children => _children ?? Enumerable.Empty<KeyValuePair<string, FieldSet>>();

    public static FieldSet Parse(JsonObject fieldsV1)
    {
        var set = new FieldSet();
        foreach (var (element, below) in fieldsV1)
        {
            if (element == ".")
            {
                set.IsMember = true;
            }
            else
            {
                var child = below is JsonObject { Count: > 0 } fields ? Parse(fields) : new FieldSet { IsMember = true };
                set.Attach(element, child);
            }
        }

        return set;
    }

    public JsonObject ToFieldsV1()
    {
        var fields = new JsonObject();
        if (IsMember && _children is { Count: > 0 })
        {
            fields["."] = new JsonObject();
        }

        foreach (var (element, child) in Children)
        {
            fields[element] = child.ToFieldsV1();
        }

        return fields;
    }

    public FieldSet? Child(string element) => _children is not null && _children.TryGetValue(element, out var child) ? child : null;

    /// <summary>Puts a subtree under an element; an empty one is left out.</summary>
    public void Attach(string element, FieldSet? child)
    {
        if (child is { IsEmpty: false })
        {
            (_children ??= new SortedDictionary<string, FieldSet>(StringComparer.Ordinal))[element] = child;
        }
    }

    public void Insert(params ReadOnlySpan<string> path)
    {
        var at = this;
        foreach (var element in path)
        {
            at._children ??= new SortedDictionary<string, FieldSet>(StringComparer.Ordinal);
            if (!at._children.TryGetValue(element, out var next))
            {
                at._children[element] = next = new FieldSet();
            }

            at = next;
        }

        at.IsMember = true;
    }

    public static FieldSet Union(FieldSet left, FieldSet right) => Combine(left, right, static (l, r) => l || r, keepLeft: true, keepRight: true);

    public static FieldSet Difference(FieldSet left, FieldSet right) =>
        Combine(left, right, static (l, r) => l && !r, keepLeft: true, keepRight: false);

    public static FieldSet Intersection(FieldSet left, FieldSet right) =>
        Combine(left, right, static (l, r) => l && r, keepLeft: false, keepRight: false);

    /// <summary>Takes out these paths with everything below them.</summary>
    public FieldSet Without(IReadOnlyList<string> dottedPaths)
    {
        var result = this;
        foreach (var path in dottedPaths)
        {
            result = result.Without(path.Split('.'), 0);
        }

        return result;
    }

    /// <summary>The members below the root as lists of elements; those of one level come before those further down.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths()
    {
        foreach (var (element, child) in Children)
        {
            if (child.IsMember)
            {
                yield return [element];
            }
        }

        foreach (var (element, child) in Children)
        {
            foreach (var path in child.Paths())
            {
                yield return [element, .. path];
            }
        }
    }

    private FieldSet Without(string[] path, int depth)
    {
        var element = $"f:{path[depth]}";
        if (Child(element) is not { } child)
        {
            return this;
        }

        var copy = new FieldSet { IsMember = IsMember };
        foreach (var (name, kept) in Children)
        {
            copy.Attach(name, name != element ? kept : depth == path.Length - 1 ? null : child.Without(path, depth + 1));
        }

        return copy;
    }

    private static FieldSet Combine(FieldSet left, FieldSet right, Func<bool, bool, bool> member, bool keepLeft, bool keepRight)
    {
        var result = new FieldSet { IsMember = member(left.IsMember, right.IsMember) };
        foreach (var (element, child) in left.Children)
        {
            if (right.Child(element) is { } other)
            {
                result.Attach(element, Combine(child, other, member, keepLeft, keepRight));
            }
            else if (keepLeft)
            {
                result.Attach(element, child);
            }
        }

        if (keepRight)
        {
            foreach (var (element, child) in right.Children)
            {
                if (left.Child(element) is null)
                {
                    result.Attach(element, child);
                }
            }
        }

        return result;
    }
}
