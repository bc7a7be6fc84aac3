namespace Slipway.DevCluster.ApiServer.Protobuf;

/// <summary>What a field holds one of: itself, a list of, or a map from strings to.</summary>
internal enum Cardinality
{
    One,
    List,
    Map,
}

/// <summary>
/// One field of a message. <paramref name="Type"/> is a scalar's name or that of another message. <paramref name="KeepsZero"/> says that a zero is
/// a value of its own (Go holds a pointer, or always writes the field) and not the same as an absent field.
/// </summary>
internal sealed record MessageField(string Name, string Type, Cardinality Cardinality, bool KeepsZero)
{
    /// <summary>True for a message whose fields JSON shows as those of the message around it.</summary>
    public bool IsInline => Name == "^";

    /// <summary>Reads <c>number:name:type</c>.</summary>
    public static (int Number, MessageField Field) Parse(string text)
    {
        var parts = text.Split(':');
        var keepsZero = parts[2].EndsWith('!');
        var type = parts[2].TrimEnd('!');
        var cardinality = type[..2] switch { "[]" => Cardinality.List, "{}" => Cardinality.Map, _ => Cardinality.One };
        return (int.Parse(parts[0], null), new(parts[1], cardinality == Cardinality.One ? type : type[2..], cardinality, keepsZero));
    }
}
