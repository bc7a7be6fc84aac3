namespace Slipway.Api.Validation;

/// <summary>Kubernetes quantities that a resource request or limit may be: not negative.</summary>
internal static class QuantitiesPattern
{
    /// <summary>More than the widest quantity that means anything needs.</summary>
    public const int MaxLength = 64;

    public const string Text = @"^\+?([0-9]+|[0-9]+\.[0-9]*|\.[0-9]+)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]{1,3})?$";
}
