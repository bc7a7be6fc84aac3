using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using k8s.Models;

namespace Slipway.Api;

/// <summary>
/// A quantity as somebody wrote it. Any text can be read and written out again, so that one that is no quantity is told by its path, and keeps
/// nothing else of its object from being known.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed partial record Quantity(string Text)
{
    /// <summary>More than the widest quantity that means anything needs.</summary>
    internal const int MaxLength = 64;

    /// <summary>
    /// Schema pattern: Kubernetes' grammar without the minus, which it refuses in pods itself. The digits are bounded because Kubernetes' client
    /// takes minutes over large exponents, and never ends when it writes out a negative number with one.
    /// </summary>
    internal const string Pattern = $"^{Grammar}$";

    /// <summary>The largest whole number, which no pattern bounds, that the pattern has room for as a text.</summary>
    internal const double MostWhole = 1e18;

    private const string Grammar = @"\+?([0-9]{1,19}|[0-9]{1,19}\.[0-9]{0,9}|\.[0-9]{1,9})(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]{1,2})?";

    /// <summary>Characters of a wrong text that a message repeats.</summary>
    private const int MostShown = 60;

    /// <summary>As Kubernetes' client has it; null when the text is no quantity.</summary>
    public ResourceQuantity? Value { get; } = Parse(Text);

    /// <summary>What to tell whoever wrote a text that is none.</summary>
    internal string Refusal =>
        $"'{(Text.Length <= MostShown ? Text : $"{Text[..MostShown]}…")}' is no quantity that Kubernetes takes here; write it like 500m, 2 or 512Mi.";

    /// <summary>A text, or a number as it was written; an empty text for null.</summary>
    /// <exception cref="JsonException">There is something else.</exception>
    internal static Quantity Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null))
        {
            throw new JsonException();
        }

        using var value = JsonDocument.ParseValue(ref reader);
        return new(value.RootElement.ToString());
    }

    private static ResourceQuantity? Parse(string text)
    {
        if (!Whole().IsMatch(text))
        {
            return null;
        }

        var value = new ResourceQuantity(text);
        try
        {
            // Nineteen digits with an E or e99 behind them are more than the client's arithmetic holds.
            _ = value.ToDecimal();
            // What is written out is read again, when a pod template is merged.
            return Whole().IsMatch(value.ToString()) ? value : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    [GeneratedRegex($@"^{Grammar}\z")]
    private static partial Regex Whole();

    internal sealed class Converter : JsonConverter<Quantity>
    {
        public override bool HandleNull => true;

        public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Quantity.Read(ref reader);

        /// <summary>One text for one amount, however it was written.</summary>
        public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value?.ToString() ?? value.Text);
    }
}
