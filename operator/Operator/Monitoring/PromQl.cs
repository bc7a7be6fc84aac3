using System.Globalization;
using System.Text;

namespace Slipway.Operator.Monitoring;

/// <summary>Writes values as Prometheus reads them.</summary>
internal static class PromQl
{
    // RE2 takes a backslash before punctuation for the character itself, and before nothing else.
    private const string Special = @"\.+*?()|[]{}^$";

    private static readonly (string Unit, long Ticks)[] Units =
        [("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond)];

    public static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    /// <summary>A quoted pattern that matches these words and no other.</summary>
    public static string AnyOf(IEnumerable<string> words) => Quote(string.Join('|', words.Select(Escape)));

    /// <summary>Without units that are 0, and without what is finer than a millisecond.</summary>
    public static string Duration(TimeSpan duration)
    {
        var (text, rest) = (new StringBuilder(), duration.Ticks);
        foreach (var (unit, ticks) in Units)
        {
            if (rest / ticks is > 0 and var count)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            }

            rest %= ticks;
        }

        return text.Length > 0 ? text.ToString() : "0s";
    }

    /// <summary>All of its digits, and no zeros behind them.</summary>
    public static string Number(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Escape(string word) => string.Concat(word.Select(letter => Special.Contains(letter, StringComparison.Ordinal) ? $"\\{letter}" : letter.ToString()));
}
