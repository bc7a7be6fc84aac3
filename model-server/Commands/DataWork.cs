using Slipway.ModelServer.Baselines;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Commands;

/// <summary>What commands that read a file of rows have in common: a bar that tells how far they are, and a sentence when they cannot go on.</summary>
internal static class DataWork
{
    /// <returns>What the work returns, or <see cref="ExitCodes.Failed"/>.</returns>
    public static async Task<int> RunAsync(string data, Func<ProgressBar, Task<int>> work)
    {
        var bar = new ProgressBar(Console.Error, !Console.IsErrorRedirected);
        try
        {
            return await work(bar);
        }
        catch (BadDataException exception)
        {
            return await FailAsync($"{data}: {exception.Message}.");
        }
        catch (Exception exception) when (exception is ModelRejectedException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return await FailAsync(exception.Message);
        }

        async Task<int> FailAsync(string sentence)
        {
            bar.Clear();
            await Console.Error.WriteLineAsync(sentence);
            return ExitCodes.Failed;
        }
    }
}
