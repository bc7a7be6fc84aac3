using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Tables.Columns;

/// <summary>Cells of a Job.</summary>
internal static class JobCells
{
    public static string Status(JsonObject job)
    {
        bool Is(string type) => job.ListAt("status.conditions").Any(c => c.TextAt("type") == type && c.TextAt("status") == "True");
        return Is("Complete") ? "Complete"
            : Is("Failed") ? "Failed"
            : job.At("metadata.deletionTimestamp") is not null ? "Terminating"
            : Is("Suspended") ? "Suspended"
            : Is("FailureTarget") ? "FailureTarget"
            : Is("SuccessCriteriaMet") ? "SuccessCriteriaMet"
            : "Running";
    }

    public static string Completions(JsonObject job)
    {
        long succeeded = job.NumberAt("status.succeeded");
        if (job.At("spec.completions") is { } completions)
        {
            return $"{succeeded}/{completions}";
        }

        long parallelism = job.NumberAt("spec.parallelism");
        return parallelism > 1 ? $"{succeeded}/1 of {parallelism}" : $"{succeeded}/1";
    }

    public static string Duration(JsonObject job, DateTimeOffset now)
    {
        if (!TryTime(job.TextAt("status.startTime"), out DateTimeOffset start))
        {
            return "";
        }

        return Age.Text((TryTime(job.TextAt("status.completionTime"), out DateTimeOffset end) ? end : now) - start);
    }

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
