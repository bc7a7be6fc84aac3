namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Names and their values, innermost first; null is the empty scope.</summary>
internal sealed record Scope(string Name, object? Value, Scope? Outer)
{
    public static bool TryFind(Scope? scope, string name, out object? value)
    {
        for (; scope is not null; scope = scope.Outer)
        {
            if (scope.Name == name)
            {
                value = scope.Value;
                return true;
            }
        }
        value = null;
        return false;
    }
}
