using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>
/// A JSON number as the API server holds it: a 64-bit integer when it was written as one and fits, else a double
/// ("2.0" is a double, which matters to the scale paths and to CEL).
/// </summary>
internal readonly record struct JsonNumber(bool IsInteger, long Integer, double Double)
{
    public static bool TryRead(JsonNode? node, out JsonNumber number)
    {
        number = default;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return false;
        }
        if (value.TryGetValue(out long integer) || (value.TryGetValue(out int small) && Assign(small, out integer)))
        {
            number = new JsonNumber(true, integer, integer);
            return true;
        }
        if (value.TryGetValue(out double real) && value.TryGetValue(out JsonElement _))
        {
            number = new JsonNumber(false, 0, real);
            return true;
        }
        var text = value.ToJsonString();
        number = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer)
            ? new JsonNumber(true, integer, integer)
            : new JsonNumber(false, 0, double.Parse(text, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>True when the value has no fraction, however it was written.</summary>
    public bool IsWhole => IsInteger || (double.IsFinite(Double) && Math.Floor(Double).Equals(Double));

    public override string ToString() => IsInteger ? Integer.ToString(CultureInfo.InvariantCulture) : GoText.Number(Double);

    private static bool Assign(int from, out long to)
    {
        to = from;
        return true;
    }
}
