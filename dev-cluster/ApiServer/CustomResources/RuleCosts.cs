using System.Globalization;
using Slipway.DevCluster.ApiServer.Cel;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>What the rules of one schema may cost by estimate: each of them, and all together.</summary>
internal sealed class RuleCosts
{
    /// <summary>The most that one expression may cost, times how often it can run, in cost units.</summary>
    public const ulong PerRule = 10_000_000;
    public const ulong PerSchema = 100_000_000;
    private const int Named = 4;

    private readonly List<(string Field, ulong Cost)> _rules = [];

    public ulong Total { get; private set; }

    /// <summary>Adds one expression; null when it is within its limit, else the detail of the refusal.</summary>
    public string? Add(string field, string what, ulong cost)
    {
        Total = Cost.Sum(Total, cost);
        _rules.Add((field, cost));
        return cost > PerRule ? Exceeds($"estimated {what} cost", cost, PerRule) : null;
    }

    /// <summary>When all rules together cost too much: the dearest ones, then the sum.</summary>
    public void Report(string path, List<FieldError> errors)
    {
        if (Total <= PerSchema)
        {
            return;
        }
        foreach (var (field, _) in _rules.OrderByDescending(rule => rule.Cost).Where(rule => rule.Cost > PerSchema / 100).Take(Named))
        {
            errors.Add(Cause.Forbidden(field, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
        }
        errors.Add(Cause.Forbidden(path, Exceeds("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", Total, PerSchema)));
    }

    private static string Exceeds(string what, ulong cost, ulong limit)
    {
        var factor = (double)cost / limit;
        var words = factor switch
        {
            > 100 => "more than 100x",
            < 1.5 => factor.ToString("F6", CultureInfo.InvariantCulture) + "x",
            _ => factor.ToString("F1", CultureInfo.InvariantCulture) + "x",
        };
        return $"{what} exceeds budget by factor of {words} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, "
            + "maps, and strings are declared)";
    }
}
