namespace Slipway.DevCluster.Tests.Contract.Comparison;

/// <summary>One place where an answer is not as recorded. <paramref name="Path"/> starts with <c>status</c>, <c>headers</c>, <c>body</c> or <c>events</c>.</summary>
internal sealed record Difference(int Step, string Path, string Expected, string Actual)
{
    private const int Shown = 300;

    public override string ToString() => $"step {Step}  {Path}\n    expected: {Short(Expected)}\n    actual:   {Short(Actual)}";

    private static string Short(string text) => text.Length <= Shown ? text : text[..Shown] + "…";
}
