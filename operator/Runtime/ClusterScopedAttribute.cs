namespace Slipway.Runtime;

/// <summary>Marks a custom resource type whose objects live in no namespace. Built-in kinds need no mark.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ClusterScopedAttribute : Attribute;
