using System.Globalization;
using System.Text;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>
/// A CEL expression that cannot be compiled, or one whose evaluation failed. <see cref="Position"/> is the offset of the fault in the
/// source, in characters; it has no meaning for evaluation.
/// </summary>
internal sealed class CelException(string message, int position = 0) : Exception(message)
{
    public int Position { get; } = position;

    /// <summary>True when Kubernetes would compile the expression and this server lacks what it uses.</summary>
    public bool Unsupported { get; init; }

    /// <summary>True when evaluation was stopped because it cost too much.</summary>
    public bool OverBudget { get; init; }

    /// <summary>The compiler's report: place, message, the source line and a mark below the fault.</summary>
    public string Report(string source)
    {
        var at = Math.Clamp(Position, 0, source.Length);
        var start = at == 0 ? 0 : source.LastIndexOf('\n', at - 1) + 1;
        var end = source.IndexOf('\n', start) is var next and >= 0 ? next : source.Length;
        var line = source.AsSpan(0, start).Count('\n') + 1;
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"ERROR: <input>:{line}:{at - start + 1}: {Message}\n | ")
            .Append(source, start, end - start)
            .Append("\n | ").Append('.', at - start).Append('^')
            .ToString();
    }
}
