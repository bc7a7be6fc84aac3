namespace Slipway.Api.Validation;

/// <summary>One reason a spec is refused. <paramref name="Path"/> is what the user typed: <c>spec.model.uri</c>.</summary>
public readonly record struct FieldError(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
