namespace Slipway.Api.Crd;

/// <summary>A CEL rule of the CRD. <paramref name="message"/> is what the user reads when the rule is false.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
internal sealed class CelAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;
    public string Message { get; } = message;

    /// <summary>Field that the error names, relative to the rule's own place: <c>.uri</c>. Empty: that place itself.</summary>
    public string FieldPath { get; init; } = "";
}

/// <summary>A Go-style duration within bounds, both included.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GoDurationAttribute(string least, string most) : Attribute
{
    public string Least { get; } = least;
    public string Most { get; } = most;
}

/// <summary>Most items of a list. Every list needs it: without a bound the cost of CEL rules cannot be estimated.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MaxItemsAttribute(int count) : Attribute
{
    public int Count { get; } = count;

    /// <summary>Fewest items.</summary>
    public int Least { get; init; }
}

/// <summary>Most characters of each text in a list or map.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MaxItemLengthAttribute(int length) : Attribute
{
    public int Length { get; } = length;
}

/// <summary>Most entries of a map.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MaxPropertiesAttribute(int count) : Attribute
{
    public int Count { get; } = count;
}

/// <summary>The list is a map for server-side apply, keyed by these fields.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ListMapKeysAttribute(params string[] keys) : Attribute
{
    public IReadOnlyList<string> Keys { get; } = keys;
}
