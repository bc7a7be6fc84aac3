using System.Globalization;
using System.Text.Json;

namespace Slipway.Benchmarks.Server;

/// <summary>A number that the benchmark prints, and what it is to reach.</summary>
/// <param name="AtMost">Null when it is printed and not judged.</param>
internal sealed record Figure(string Name, string Unit, double? AtMost = null, double? AtLeast = null)
{
    /// <summary>Writes its line to standard output.</summary>
    public void Print(Interval value) => Console.WriteLine(Line(value));

    /// <summary>One object of JSON, its numbers in four digits.</summary>
    public string Line(Interval value) => JsonSerializer.Serialize(new
    {
        name = Name,
        value = Round(value.Value),
        low = Round(value.Low),
        high = Round(value.High),
        unit = Unit,
        verdict = Verdict(value),
    });

    /// <summary>Reached or missed only when the whole interval says so.</summary>
    public string Verdict(Interval value) => (AtMost, AtLeast) switch
    {
        (null, null) => "printed",
        ({ } most, _) => value.High <= most ? "reached" : value.Low > most ? "missed" : "unresolved",
        (_, { } least) => value.Low >= least ? "reached" : value.High < least ? "missed" : "unresolved",
    };

    private static double Round(double value) => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
