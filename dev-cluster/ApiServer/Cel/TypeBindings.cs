namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>The type parameters of one overload while a call is checked.</summary>
internal sealed class TypeBindings
{
    private readonly Dictionary<string, CelType> _bound = new(StringComparer.Ordinal);

    /// <summary>True when a value of type <paramref name="given"/> may stand for <paramref name="wanted"/>; binds parameters on the way.</summary>
    public bool Take(CelType wanted, CelType given)
    {
        if (wanted.Kind == CelKind.Parameter)
        {
            if (!_bound.TryGetValue(wanted.Name, out var bound))
            {
                _bound[wanted.Name] = given;
                return true;
            }
            // What was dynamic takes on the first known type.
            _bound[wanted.Name] = bound.Kind is CelKind.Dyn or CelKind.Null ? given : bound;
            return Take(bound, given);
        }
        if (wanted.Kind == CelKind.Dyn || given.Kind == CelKind.Dyn)
        {
            return true;
        }
        if (wanted.Kind == CelKind.Null || given.Kind == CelKind.Null)
        {
            return (wanted.Kind == CelKind.Null ? given : wanted).Kind is CelKind.Null or CelKind.Object or CelKind.Duration or CelKind.Timestamp or CelKind.Optional;
        }
        return wanted.Kind == given.Kind
            && (wanted.Element is null || given.Element is null || Take(wanted.Element, given.Element))
            && (wanted.Key is null || given.Key is null || Take(wanted.Key, given.Key));
    }

    /// <summary>The type with bound parameters put in; unbound ones are dynamic.</summary>
    public CelType Apply(CelType type) => type.Kind == CelKind.Parameter
        ? _bound.GetValueOrDefault(type.Name, CelType.Dyn)
        : type.Element is null && type.Key is null
            ? type
            : type with { Element = type.Element is null ? null : Apply(type.Element), Key = type.Key is null ? null : Apply(type.Key) };
}
