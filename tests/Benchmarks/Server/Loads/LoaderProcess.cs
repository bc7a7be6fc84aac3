using System.Diagnostics;
using System.Text.Json;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>
/// A loader of our own in a process of its own: one line of JSON asks for a run, one line answers. It stays between runs, so that only its
/// first is slowed by the compiler.
/// </summary>
internal sealed class LoaderProcess : IDisposable
{
    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="word">Of this program, that starts the loader.</param>
    public LoaderProcess(string word)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [word]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Whole compilation at the first call: no compiler runs beside a measurement.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        _process = Process.Start(start) ?? throw new InvalidOperationException("The loader did not start.");
    }

    /// <summary>One run at a time; others wait for it.</summary>
    /// <exception cref="InvalidOperationException">The loader failed; it says why on standard error.</exception>
    public async Task<TAnswer> AskAsync<TAsk, TAnswer>(TAsk ask, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await SayAsync(ask, cancellationToken);
            var said = await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The loader ended without an answer.");
            return JsonSerializer.Deserialize<TAnswer>(said)!;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The loader's side: answers until nobody asks any more.</summary>
    public static async Task<int> AnswerAsync<TAsk, TAnswer>(Func<TAsk, Task<TAnswer>> run, CancellationToken cancellationToken)
    {
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(await run(JsonSerializer.Deserialize<TAsk>(line)!)).AsMemory(), cancellationToken);
        }

        return 0;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(milliseconds: 5000))
        {
            _process.Kill();
        }

        _process.Dispose();
        _turn.Dispose();
    }

    private async Task SayAsync<TAsk>(TAsk ask, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(ask).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }
}
