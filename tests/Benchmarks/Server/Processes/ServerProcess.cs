using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Benchmarks.Server.Processes;

/// <summary>A server in a process of its own, whose processor time and memory can be read. Ended with <see cref="Dispose"/>.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(1);

    private readonly Process _process;
    private readonly AllocationReader? _allocations;

    private ServerProcess(Process process, Ports ports, AllocationReader? allocations)
    {
        _process = process;
        _allocations = allocations;
        Port = ports.Http;
        GrpcPort = ports.Grpc;
    }

    public int Port { get; }

    public int GrpcPort { get; }

    /// <summary>From the start of the process to the first answer to its probe.</summary>
    public TimeSpan StartedIn { get; private set; }

    /// <summary>From the process's start, over all its threads.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="arguments">Of the program, given the ports that it is to listen on.</param>
    /// <param name="probe">A request that is answered well once the server is ready.</param>
    /// <param name="tellsAllocations">Whether <see cref="AllocatedBytesAsync"/> will be asked.</param>
    /// <exception cref="InvalidOperationException">The program is missing, ended, or was not ready within a minute.</exception>
    public static async Task<ServerProcess> StartAsync(
        string program, Func<Ports, string[]> arguments, Func<HttpRequestMessage> probe, CancellationToken cancellationToken, bool tellsAllocations = false)
    {
        var ports = new Ports(FreePort(), FreePort());
        var start = new ProcessStartInfo(program, arguments(ports)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLIPWAY_BIND_ADDRESS"] = IPAddress.Loopback.ToString();
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // as the images have it
        var allocations = tellsAllocations ? new AllocationReader(start.Environment) : null;
        var began = Stopwatch.GetTimestamp();
        var process = Start(start);
        process.OutputDataReceived += static (_, line) => Tell(line.Data);
        process.ErrorDataReceived += static (_, line) => Tell(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerProcess(process, ports, allocations);
        try
        {
            await server.WaitAsync(probe, cancellationToken);
            server.StartedIn = Stopwatch.GetElapsedTime(began);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Managed bytes that the process has allocated since it began.</summary>
    public Task<long> AllocatedBytesAsync(CancellationToken cancellationToken) => _allocations is { } reader
        ? reader.ReadAsync(cancellationToken)
        : throw new InvalidOperationException("The server was not started to tell its allocations.");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _allocations?.Dispose();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{start.FileName} does not start ({exception.Message}); ./build.sh bench server publishes it.", exception);
        }
    }

    private static void Tell(string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            Console.Error.WriteLine($"  server: {line}");
        }
    }

    private async Task WaitAsync(Func<HttpRequestMessage> probe, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The server ended with {_process.ExitCode} before it was ready.");
            }

            try
            {
                using var request = probe();
                using var response = await client.SendAsync(request, limit.Token);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(BetweenProbes, limit.Token);
        }
    }
}

/// <summary>Where a server is to listen.</summary>
internal readonly record struct Ports(int Http, int Grpc);
