using System.Text;
using Slipway.Api;

namespace Slipway.ModelServer.Health;

/// <summary>Leaves the sentence with which the server gives up where Kubernetes reads it.</summary>
internal static class TerminationLog
{
    /// <summary>Another file than <see cref="ServerContract.TerminationLog"/>, for a run outside of a pod.</summary>
    public const string PathVariable = "SLIPWAY_TERMINATION_LOG";

    /// <summary>Writes at most <see cref="ServerContract.TerminationMessageLimit"/> bytes, cut between characters.</summary>
    /// <returns>Null when written or when there is no such file outside of a pod; else why it could not be written.</returns>
    public static string? Write(string sentence)
    {
        var chosen = Environment.GetEnvironmentVariable(PathVariable);
        var path = string.IsNullOrEmpty(chosen) ? ServerContract.TerminationLog : chosen;
        if (string.IsNullOrEmpty(chosen) && !File.Exists(path))
        {
            return null;
        }

        try
        {
            File.WriteAllBytes(path, Cut(sentence));
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be written: {exception.Message}";
        }
    }

    private static byte[] Cut(string sentence)
    {
        var room = new byte[ServerContract.TerminationMessageLimit];
        Encoding.UTF8.GetEncoder().Convert(sentence, room, flush: true, out _, out var used, out _);
        return room[..used];
    }
}
