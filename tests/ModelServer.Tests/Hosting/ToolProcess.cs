using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>A server out of <c>.tools/bin</c>, on a free port of 127.0.0.1, for as long as a fixture needs it.</summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ToolProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Returns when the server accepts connections.</summary>
    public static async Task<ToolProcess> StartAsync(
        string tool, Func<int, IEnumerable<string>> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Find(tool), arguments(port)) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new AssertionException($"{tool} could not be started.");
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var server = new ToolProcess(process, port);
        await server.UntilUpAsync(tool, cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Find(string tool)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, ".tools", "bin", tool);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new AssertionException($"There is no .tools/bin/{tool}: run ./build.sh tools.");
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private async Task UntilUpAsync(string tool, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                _process.HasExited.Should().BeFalse($"{tool} should be running");
                await Task.Delay(50, cancellationToken);
            }
        }
    }
}
