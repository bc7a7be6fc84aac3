namespace Slipway.EndToEnd.Tests.Support;

/// <summary>The unmodified promtool, which says whether Prometheus could read something.</summary>
internal static class Promtool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Checks a text and expects it to be right.</summary>
    /// <param name="what">Of promtool's checks: <c>rules</c> or <c>metrics</c>.</param>
    public static async Task CheckAsync(string what, string text)
    {
        var run = await ProgramRun.ToEndAsync(new(Path.Combine(Repository.Root, ".tools", "bin", "promtool"), ["check", what]), Limit, text);
        run.OutputOfSuccess($"promtool check {what}");
    }
}
