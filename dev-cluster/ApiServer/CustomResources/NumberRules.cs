using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Range of the number's format, bounds and multiples.</summary>
internal static class NumberRules
{
    public static void Check(Schema schema, JsonNumber number, FieldPath path, List<FieldError> errors)
    {
        if (!InFormat(schema, number))
        {
            var type = schema.Type == SchemaType.Number ? "number" : "integer";
            var format = schema.Format.Length == 0 ? "(default format)" : "with format " + schema.Format;
            errors.Add(Cause.Invalid(FieldPath.None, "\"\"", $"Checked value must be of type {type} {format} in {path.Sentence}"));
        }
        var rules = schema.Rules!;
        if (rules.MultipleOf is { } factor && factor > 0 && number.Double % factor != 0)
        {
            Report($"should be a multiple of {GoText.Number(factor)}");
        }
        if (rules.Maximum is { } most && (rules.ExclusiveMaximum ? number.Double >= most : number.Double > most))
        {
            Report($"should be less than {(rules.ExclusiveMaximum ? "" : "or equal to ")}{GoText.Number(most)}");
        }
        if (rules.Minimum is { } least && (rules.ExclusiveMinimum ? number.Double <= least : number.Double < least))
        {
            Report($"should be greater than {(rules.ExclusiveMinimum ? "" : "or equal to ")}{GoText.Number(least)}");
        }

        void Report(string words) => errors.Add(Cause.Invalid(path.Dotted, number.ToString(), $"{path.Sentence} in body {words}"));
    }

    private static bool InFormat(Schema schema, JsonNumber number) => (schema.Type, schema.Format) switch
    {
        (SchemaType.Integer, "int32") => number.IsWhole && number.Double is >= int.MinValue and <= int.MaxValue,
        (SchemaType.Integer, "uint32") => number.IsWhole && number.Double is >= 0 and <= uint.MaxValue,
        (SchemaType.Integer, "uint64") => number.IsWhole && number.Double is >= 0 and <= ulong.MaxValue,
        (SchemaType.Integer, _) => number.IsInteger || (number.IsWhole && Math.Abs(number.Double) < 9.2233720368547758e18),
        (SchemaType.Number, "float") => Math.Abs(number.Double) <= float.MaxValue,
        _ => true,
    };
}
