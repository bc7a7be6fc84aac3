using System.Globalization;
using System.Text;

namespace Slipway.DevCluster.Nodes.Metrics;

/// <summary>What a pod's <c>/metrics</c> said at one moment: the value of each series, by its name and labels as they were written.</summary>
internal sealed record Scrape(DateTimeOffset Time, IReadOnlyDictionary<string, double> Series)
{
    private const int MaxBytes = 8 * 1024 * 1024;
    private const int MaxSeries = 2_000;

    /// <summary>Reads Prometheus' text form, and keeps the series of the given names.</summary>
    /// <exception cref="InvalidDataException">More than 8 MiB, or more than 2,000 series that are wanted.</exception>
    public static async Task<Scrape> ReadAsync(Stream text, IReadOnlySet<string> names, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var series = new Dictionary<string, double>(StringComparer.Ordinal);
        using var reader = new StreamReader(new BoundedStream(text, MaxBytes), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var end = EndOfName(line);
            if (end == 0 || line[0] == '#' || !names.Contains(line[..end]))
            {
                continue;
            }

            var key = EndOfLabels(line, end);
            if (Value(line[key..]) is { } value)
            {
                series[line[..key]] = value;
            }

            if (series.Count > MaxSeries)
            {
                throw new InvalidDataException($"the pod has more than {MaxSeries} series of {string.Join(", ", names)}");
            }
        }

        return new(time, series);
    }

    /// <summary>Series of exactly this name.</summary>
    public IEnumerable<string> Named(string name) =>
        Series.Keys.Where(key => key.StartsWith(name, StringComparison.Ordinal) && (key.Length == name.Length || key[name.Length] == '{'));

    private static int EndOfName(string line)
    {
        var end = line.AsSpan().IndexOfAny('{', ' ');
        return end < 0 ? 0 : end;
    }

    /// <summary>A bracket inside a label's value ends nothing.</summary>
    private static int EndOfLabels(string line, int start)
    {
        var quoted = false;
        for (var at = start; line[start] == '{' && at < line.Length; at++)
        {
            if (line[at] == '\\')
            {
                at++;
            }
            else if (line[at] == '"')
            {
                quoted = !quoted;
            }
            else if (line[at] == '}' && !quoted)
            {
                return at + 1;
            }
        }

        return start;
    }

    /// <summary>The first word; a time may follow.</summary>
    private static double? Value(string rest)
    {
        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && double.TryParse(words[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
    }
}
