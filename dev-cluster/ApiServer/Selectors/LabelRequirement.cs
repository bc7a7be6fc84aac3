using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Selectors;

internal enum LabelOperator
{
    Exists,
    DoesNotExist,
    In,
    NotIn,
    GreaterThan,
    LessThan,
}

/// <summary>One comma-separated part of a label selector.</summary>
internal sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    public bool Matches(JsonObject? labels)
    {
        var value = (string?)labels?[Key];
        return Operator switch
        {
            LabelOperator.Exists => value is not null,
            LabelOperator.DoesNotExist => value is null,
            LabelOperator.In => value is not null && Values.Contains(value),
            LabelOperator.NotIn => value is null || !Values.Contains(value),
            LabelOperator.GreaterThan => Compare(value) > 0,
            LabelOperator.LessThan => Compare(value) < 0,
            _ => throw new InvalidOperationException($"unknown label operator {Operator}"),
        };
    }

    private int Compare(string? value) =>
        long.TryParse(value, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(Values[0], CultureInfo.InvariantCulture, out var limit)
            ? number.CompareTo(limit)
            : 0;
}
