namespace Slipway.DevCluster.ApiServer.Cel;

internal enum CelKind
{
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Duration,
    Timestamp,
    List,
    Map,
    Object,
    Optional,
    Quantity,
    Url,
    Type,

    /// <summary>A type parameter of a function, bound when a call is checked.</summary>
    Parameter,
}

/// <summary>A CEL type. Types made from a schema also know how large their values can get, which cost estimates need.</summary>
internal sealed record CelType(CelKind Kind)
{
    /// <summary>For sizes without a bound of their own: what fits into the largest request, in bytes.</summary>
    public const long LargestRequest = 3 * 1024 * 1024;

    public static readonly CelType Dyn = new(CelKind.Dyn);
    public static readonly CelType Null = new(CelKind.Null);
    public static readonly CelType Bool = new(CelKind.Bool) { MinSerializedSize = 4 };
    public static readonly CelType Int = new(CelKind.Int);
    public static readonly CelType Uint = new(CelKind.Uint);
    public static readonly CelType Real = new(CelKind.Double);
    public static readonly CelType Text = new(CelKind.String) { MinSerializedSize = 2 };
    public static readonly CelType Bytes = new(CelKind.Bytes) { MinSerializedSize = 2 };
    public static readonly CelType Duration = new(CelKind.Duration) { MinSerializedSize = 3 };
    public static readonly CelType Timestamp = new(CelKind.Timestamp) { MinSerializedSize = 21 };
    public static readonly CelType Quantity = new(CelKind.Quantity);
    public static readonly CelType Url = new(CelKind.Url);
    public static readonly CelType TypeType = new(CelKind.Type);
    public static readonly CelType T = new(CelKind.Parameter) { Name = "T" };
    public static readonly CelType U = new(CelKind.Parameter) { Name = "U" };

    /// <summary>Of a parameter only.</summary>
    public string Name { get; init; } = "";

    /// <summary>Items of a list, values of a map, content of an optional.</summary>
    public CelType? Element { get; init; }
    public CelType? Key { get; init; }

    /// <summary>Fields of an object by their names in CEL.</summary>
    public IReadOnlyDictionary<string, CelField> Fields { get; init; } = new Dictionary<string, CelField>();

    /// <summary>The most items, entries or bytes that a value can have; 0 for scalars.</summary>
    public long MaxElements { get; init; }

    /// <summary>The fewest bytes that a value takes in JSON.</summary>
    public long MinSerializedSize { get; init; } = 1;

    public static CelType List(CelType item) => new(CelKind.List) { Element = item, MinSerializedSize = 2 };

    public static CelType Map(CelType key, CelType value) => new(CelKind.Map) { Key = key, Element = value, MinSerializedSize = 2 };

    public static CelType Optional(CelType content) => new(CelKind.Optional) { Element = content };

    /// <summary>The same type as far as a value can be used; sizes do not matter.</summary>
    public bool Same(CelType other) =>
        Kind == other.Kind
        && (Kind != CelKind.Parameter || Name == other.Name)
        && (Kind != CelKind.Object || ReferenceEquals(Fields, other.Fields))
        && (Element is null || other.Element is null || Element.Same(other.Element))
        && (Key is null || other.Key is null || Key.Same(other.Key));

    public override string ToString() => Kind switch
    {
        CelKind.List => $"list({Element})",
        CelKind.Map => $"map({Key}, {Element})",
        CelKind.Optional => $"optional_type({Element})",
        CelKind.Timestamp => "google.protobuf.Timestamp",
        CelKind.Duration => "google.protobuf.Duration",
        CelKind.Quantity => "kubernetes.Quantity",
        CelKind.Url => "kubernetes.URL",
        CelKind.Parameter => Name,
        _ => Kind.ToString().ToLowerInvariant(),
    };
}

/// <summary><paramref name="Property"/> is the field's name in JSON.</summary>
internal sealed record CelField(CelType Type, string Property);
