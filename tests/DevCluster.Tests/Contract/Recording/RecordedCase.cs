using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Recording;

/// <summary>One recorded case: what was asked of a real API server, and what it answered, in order.</summary>
internal sealed record RecordedCase(string Name, bool Controllers, IReadOnlyList<string> Setup, IReadOnlyList<RecordedStep> Steps)
{
    public string Namespace => "n-" + Name;

    /// <summary>True when the custom resource definition of the recordings must be established first.</summary>
    public bool NeedsWidgets => Setup.Any(line => line.Contains("widgets.example.slipway.dev", StringComparison.Ordinal));

    /// <summary>True when the namespace is there before the first step; the namespace case makes its own.</summary>
    public bool NeedsNamespace => Setup.Any(line => line.StartsWith("namespace ", StringComparison.Ordinal));

    public static RecordedCase Parse(string json)
    {
        JsonNode root = JsonNode.Parse(json)!;
        JsonArray steps = root["steps"]!.AsArray();
        return new RecordedCase(
            root["case"]!.GetValue<string>(),
            root["controllers"]!.GetValue<string>() == "on",
            [.. root["setup"]!.AsArray().Select(line => line!.GetValue<string>())],
            [.. steps.Select((step, i) => WithDeletionTime(RecordedStep.Parse(step!), steps.Take(i)))]);
    }

    /// <summary>The recorder bound no times, and a PUT must give the time of deletion that the server gave before.</summary>
    private static RecordedStep WithDeletionTime(RecordedStep step, IEnumerable<JsonNode?> earlier)
    {
        string[] path = ["metadata", "deletionTimestamp"];
        if (step.Request?.Method != "PUT" || JsonPath.Find(step.Request.Body, path)?.ToString() is not { } time)
        {
            return step;
        }

        int source = earlier.ToList().FindLastIndex(one => JsonPath.Find(one, ["response", "body", .. path])?.ToString() == time);
        return source < 0 ? step : step with { Bindings = [.. step.Bindings, new Binding("body/metadata/deletionTimestamp", time, source, path)] };
    }
}
