using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;

namespace Slipway.DevCluster.ApiServer.Verbs;

internal enum Propagation
{
    Background,
    Foreground,
    Orphan,
}

/// <summary>How to delete: from the body, or from the query where there is no body. Null means that the request does not say.</summary>
internal sealed record DeleteOptions
{
    public bool DryRun { get; init; }

    /// <summary>In seconds.</summary>
    public long? GracePeriod { get; init; }
    public Propagation? Propagation { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }

    /// <exception cref="StatusException">422 with every fault.</exception>
    public static DeleteOptions Parse(JsonObject? body, IQueryCollection query)
    {
        var errors = new List<FieldError>();
        var values = body ?? FromQuery(query);
        var dryRun = (values["dryRun"] as JsonArray ?? []).Select(v => (string?)v ?? "").ToList();
        var options = new DeleteOptions
        {
            DryRun = WriteOptions.DryRuns(dryRun, errors),
            GracePeriod = values["gracePeriodSeconds"].AsNumber(),
            Propagation = Policy(values, errors),
            Uid = (string?)values["preconditions"]?["uid"],
            ResourceVersion = (string?)values["preconditions"]?["resourceVersion"],
        };
        return errors.Count == 0 ? options : throw StatusErrors.Invalid("meta.k8s.io", "DeleteOptions", "", errors);
    }

    private static JsonObject FromQuery(IQueryCollection query)
    {
        var values = new JsonObject { ["dryRun"] = new JsonArray([.. query["dryRun"].Select(v => JsonValue.Create(v))]) };
        if (query["gracePeriodSeconds"].ToString() is { Length: > 0 } text)
        {
            values["gracePeriodSeconds"] = long.TryParse(text, CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : throw StatusErrors.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
        }

        if (query["propagationPolicy"].ToString() is { Length: > 0 } policy)
        {
            values["propagationPolicy"] = policy;
        }

        if (query["orphanDependents"].ToString() is { Length: > 0 } orphan)
        {
            values["orphanDependents"] = orphan is "true" or "1";
        }

        return values;
    }

    private static Propagation? Policy(JsonObject values, List<FieldError> errors)
    {
        var policy = (string?)values["propagationPolicy"];
        var orphan = (bool?)values["orphanDependents"];
        if (policy is not null && orphan is not null)
        {
            errors.Add(new FieldError(
                "propagationPolicy",
                "FieldValueInvalid",
                $"Invalid value: \"{policy}\": orphanDependents and deletionPropagation cannot be both set"));
        }

        switch (policy)
        {
            case null:
                return orphan switch { null => null, true => Verbs.Propagation.Orphan, false => Verbs.Propagation.Background };
            case "Background":
                return Verbs.Propagation.Background;
            case "Foreground":
                return Verbs.Propagation.Foreground;
            case "Orphan":
                return Verbs.Propagation.Orphan;
            default:
                errors.Add(new FieldError(
                    "propagationPolicy",
                    "FieldValueNotSupported",
                    $"Unsupported value: \"{policy}\": supported values: \"Foreground\", \"Background\", \"Orphan\""));
                return null;
        }
    }
}
