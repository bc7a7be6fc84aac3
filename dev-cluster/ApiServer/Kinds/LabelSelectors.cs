using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

/// <summary>Selectors inside objects, such as a Deployment's.</summary>
internal static class LabelSelectors
{
    public static bool IsEmpty(JsonObject? selector) =>
        (selector.Object("matchLabels")?.Count ?? 0) == 0 && !selector.Objects("matchExpressions").Any();

    /// <summary>A selector that is not there matches nothing; an empty one matches everything.</summary>
    public static bool Matches(JsonObject? selector, JsonObject? labels)
    {
        if (selector is null)
        {
            return false;
        }

        return (selector.Object("matchLabels") ?? []).All(pair => labels?[pair.Key].AsText() is { } value && value == pair.Value.AsText())
            && selector.Objects("matchExpressions").All(expression => MatchesExpression(expression, labels));
    }

    public static void Check(JsonObject? selector, string field, Findings errors)
    {
        ObjectMetaValidation.Labels(selector.Object("matchLabels"), $"{field}.matchLabels", errors);
        var expressions = selector.Objects("matchExpressions").ToList();
        for (var i = 0; i < expressions.Count; i++)
        {
            var path = Findings.At($"{field}.matchExpressions", i);
            var values = (expressions[i]["values"] as JsonArray)?.Count ?? 0;
            switch (expressions[i].Text("operator"))
            {
                case "In" or "NotIn" when values == 0:
                    errors.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                    break;
                case "Exists" or "DoesNotExist" when values > 0:
                    errors.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    break;
                case "In" or "NotIn" or "Exists" or "DoesNotExist":
                    break;
                default:
                    errors.Invalid($"{path}.operator", expressions[i]["operator"], "not a valid selector operator");
                    break;
            }

            foreach (var problem in ObjectNames.Qualified(expressions[i].Text("key")))
            {
                errors.InvalidText($"{path}.key", expressions[i].Text("key"), problem);
            }
        }
    }

    private static bool MatchesExpression(JsonObject expression, JsonObject? labels)
    {
        var value = labels?[expression.Text("key")].AsText();
        var listed = (expression["values"] as JsonArray ?? []).Any(entry => entry.AsText() == value);
        return expression.Text("operator") switch
        {
            "In" => value is not null && listed,
            "NotIn" => value is null || !listed,
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }
}
