using System.Diagnostics;
using System.Globalization;
using Slipway.ModelServer.Inference;

namespace Slipway.Benchmarks.Server.Processes;

/// <summary><c>drive MODEL THREADS SECONDS</c>: the model by itself, one row a run, in a process of its own: the least that serving it can cost.</summary>
internal static class InProcessDriver
{
    /// <summary>Prints the rows, the wall time and the processor time.</summary>
    public static int Run(string[] args)
    {
        if (args is not [var model, var threadText, var secondText])
        {
            Console.Error.WriteLine("usage: drive MODEL THREADS SECONDS");
            return 2;
        }

        using var session = ModelSession.Load(model, new SessionSettings());
        var seconds = double.Parse(secondText, CultureInfo.InvariantCulture);
        Drive(session, int.Parse(threadText, CultureInfo.InvariantCulture), seconds / 4);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var rows = Drive(session, int.Parse(threadText, CultureInfo.InvariantCulture), seconds);
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows} {wall} {used}"));
        return 0;
    }

    private static long Drive(ModelSession session, int threads, double seconds)
    {
        long rows = 0;
        var start = Stopwatch.GetTimestamp();
        var all = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            using var call = session.Rent();
            if (SampleRows.Fill(call, firstRow: 0, rows: 1) is { } reason)
            {
                throw new InvalidDataException(reason);
            }

            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                session.Run(call, CancellationToken.None).Dispose();
                Interlocked.Increment(ref rows);
            }
        })).ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
        return rows;
    }
}
