using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>Takes the part of an ONNX Runtime error that helps a user: one line, without the paths of its own sources.</summary>
internal static partial class OrtMessage
{
    private const int Longest = 400;

    /// <summary>Whether the runtime blames what it was given rather than itself.</summary>
    public static bool BlamesInput(OnnxRuntimeException exception) =>
        exception.Message.StartsWith("[ErrorCode:InvalidArgument]", StringComparison.Ordinal);

    public static string Of(Exception exception)
    {
        var text = exception.Message;
        if (text.StartsWith("[ErrorCode:", StringComparison.Ordinal))
        {
            text = text[(text.IndexOf(']', StringComparison.Ordinal) + 1)..];
        }

        text = SourcePlace().Replace(ModelPath().Replace(text, ""), " ");
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => !IsSourcePath(word)));
        return text.Length > Longest ? $"{text[..Longest]}…" : text.TrimEnd('.');
    }

    private static bool IsSourcePath(string word) =>
        word.Contains("/onnxruntime/", StringComparison.Ordinal) && word.Contains(".cc:", StringComparison.Ordinal)
        || word.Contains(".h:", StringComparison.Ordinal);

    [GeneratedRegex(@"Load model from \S+ (failed:)?")]
    private static partial Regex ModelPath();

    // The place in its sources and the function there, before a sentence that begins with a capital letter.
    [GeneratedRegex(@"\S*/onnxruntime/\S+\.(cc|h):[0-9]+ [^\n]*?\)(::<lambda\(\)>)? (?=[A-Z])")]
    private static partial Regex SourcePlace();
}
