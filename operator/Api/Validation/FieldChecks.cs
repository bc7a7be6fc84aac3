using System.Globalization;

namespace Slipway.Api.Validation;

/// <summary>What more than one block of the spec is held to.</summary>
internal static class FieldChecks
{
    public static IEnumerable<FieldError> Number(string path, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            yield return new(path, string.Create(CultureInfo.InvariantCulture, $"must be from {least} to {most}, was {value}."));
        }
    }

    public static IEnumerable<FieldError> Number(string path, decimal value, decimal least, decimal most)
    {
        if (value < least || value > most)
        {
            yield return new(path, string.Create(CultureInfo.InvariantCulture, $"must be from {least} to {most}, was {value}."));
        }
    }

    public static IEnumerable<FieldError> Word(string path, string value, params string[] known)
    {
        if (!known.Contains(value))
        {
            yield return new(path, $"'{value}' is none of {string.Join(", ", known)}.");
        }
    }
}
