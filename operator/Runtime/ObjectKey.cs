namespace Slipway.Runtime;

/// <summary>Namespace and name: all that a queue carries, so that many events become one reconcile. A cluster-scoped object has an empty namespace.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
