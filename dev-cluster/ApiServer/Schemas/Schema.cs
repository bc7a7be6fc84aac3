using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Schemas;

internal enum SchemaType
{
    /// <summary>Anything: no type was given, or the subtree is opaque to the server (<c>RawExtension</c>, <c>FieldsV1</c>).</summary>
    Any,
    Object,
    List,
    String,
    Integer,
    Number,
    Boolean,

    /// <summary>An integer or a string: <c>IntOrString</c>, and quantities.</summary>
    IntOrString,
}

/// <summary>How list items are identified by server-side apply: the words of <c>x-kubernetes-list-type</c>.</summary>
internal enum ListType
{
    Atomic,
    Set,
    Map,
}

/// <summary>What a stored object keeps of a field that is null or holds the zero value of its type.</summary>
internal enum Omission
{
    /// <summary>Everything is kept as sent: custom resources.</summary>
    Nothing,

    /// <summary>Null is as good as absent; a zero is a value: optional fields that tell "unset" from "zero".</summary>
    Null,

    /// <summary>Null and the zero value ("", 0, false, [], {}) are as good as absent.</summary>
    Zero,
}

/// <summary>
/// One node of a kind's structural schema: what defaulting, pruning, server-side apply, strategic merge, validation and OpenAPI read.
/// Built-in kinds and custom resources use the same type, so that nothing after this point knows which of the two it handles.
/// </summary>
internal sealed record Schema
{
    public SchemaType Type { get; init; }

    /// <summary>Name of the type that built-in kinds share ("PodSpec", "Container"); empty for scalars, lists, maps and custom resources.</summary>
    public string TypeName { get; init; } = "";
    public string Format { get; init; } = "";
    public string Description { get; init; } = "";
    public bool Nullable { get; init; }

    /// <summary>Declared fields of an object, in order of declaration. May lead back to this node: schemas of built-in kinds can be recursive.</summary>
    public IReadOnlyDictionary<string, Schema> Properties { get; init; } = new Dictionary<string, Schema>();
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Schema of the values of a map; null means the object has declared fields only.</summary>
    public Schema? AdditionalProperties { get; init; }

    /// <summary>True for a struct or map that server-side apply owns as a whole (<c>x-kubernetes-map-type: atomic</c>).</summary>
    public bool AtomicMap { get; init; }
    public bool PreserveUnknownFields { get; init; }
    public bool EmbeddedResource { get; init; }

    public Schema? Items { get; init; }
    public ListType ListType { get; init; }

    /// <summary>Fields that identify an item of a <see cref="ListType.Map"/> list.</summary>
    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary>Strategic merge patch: the field by which items are merged; empty means the list is replaced.</summary>
    public string PatchMergeKey { get; init; } = "";

    /// <summary>Strategic merge patch: a list of scalars that is merged as a set.</summary>
    public bool PatchMergeSet { get; init; }

    /// <summary>Strategic merge patch: <c>retainKeys</c>, for unions such as a Deployment's strategy and a volume's source.</summary>
    public bool PatchRetainKeys { get; init; }

    /// <summary>Strategic merge patch: an object that is replaced, not merged.</summary>
    public bool PatchReplace { get; init; }

    /// <summary>Quantities are compared and stored in canonical form.</summary>
    public bool Quantity { get; init; }

    /// <summary>What decoding drops. Differs from <see cref="Omission.Nothing"/> for built-in kinds only.</summary>
    public Omission Omission { get; init; }

    /// <summary>A field of a built-in kind that is there even if nobody set it: {} for a struct, null for a list, "", 0 or false.</summary>
    public bool AlwaysPresent { get; init; }

    /// <summary>Null means no default; a JSON null is not a valid default.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>Value and CEL rules of a custom resource; null for built-in kinds.</summary>
    public ValueRules? Rules { get; init; }
}

/// <summary>The validations of one node of a custom resource's schema.</summary>
internal sealed record ValueRules
{
    public IReadOnlyList<JsonNode?> Enum { get; init; } = [];
    public string? Pattern { get; init; }
    public long? MinLength { get; init; }
    public long? MaxLength { get; init; }
    public double? Minimum { get; init; }
    public double? Maximum { get; init; }
    public bool ExclusiveMinimum { get; init; }
    public bool ExclusiveMaximum { get; init; }
    public double? MultipleOf { get; init; }
    public long? MinItems { get; init; }
    public long? MaxItems { get; init; }
    public long? MinProperties { get; init; }
    public long? MaxProperties { get; init; }
    public bool UniqueItems { get; init; }

    /// <summary><c>allOf</c>, <c>anyOf</c>, <c>oneOf</c>, <c>not</c> as they stand in the CRD; empty when absent.</summary>
    public JsonObject? Junctors { get; init; }

    /// <summary><c>x-kubernetes-validations</c> in order.</summary>
    public IReadOnlyList<CelRule> Cel { get; init; } = [];
}

/// <summary>One entry of <c>x-kubernetes-validations</c>.</summary>
internal sealed record CelRule(
    string Rule, string Message, string MessageExpression, string Reason, string FieldPath, bool? OptionalOldSelf);
