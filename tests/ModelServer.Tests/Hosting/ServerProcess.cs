using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>The built <c>slipway-server</c> as a process of its own.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _errors = [];
    private readonly List<string> _output = [];
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private volatile bool _ignoresLog;
    private Task _reading = Task.CompletedTask;

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Known once <see cref="ClientsAsync"/> has returned.</summary>
    public int GrpcPort { get; private set; }

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return string.Join('\n', _errors);
            }
        }
    }

    /// <summary>Memory that the process has resident now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Lines of standard output, complete once <see cref="ExitAsync"/> is over.</summary>
    public IReadOnlyList<string> Output => _output;

    public static ServerProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "slipway-server"), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["SLIPWAY_BIND_ADDRESS"] = IPAddress.Loopback.ToString();
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(Process.Start(start) ?? throw new AssertionException("The server could not be started."));
        server._reading = server.ReadLogAsync();
        server._process.OutputDataReceived += (_, line) => server._output.AddRange(line.Data is { } text ? [text] : []);
        server._process.BeginOutputReadLine();
        return server;
    }

    public static ServerProcess Serve(ModelFolder folder, params string[] more) => Start(
        new Dictionary<string, string> { ["SLIPWAY_TERMINATION_LOG"] = folder.Other("termination-log") },
        ["serve", "--model", "m", "--uri", folder.Uri.ToString(), "--version", "1", "--cache", folder.Cache, "--http-port", "0", "--grpc-port", "0", "--management-port", "0", .. more]);

    /// <summary>Waits for a line of the log.</summary>
    public async Task<string> LineAsync(string part, CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new AssertionException($"The server ended without saying '{part}':\n{Errors}");
    }

    /// <summary>Leaves unread what the server logs from now on.</summary>
    public void IgnoreLog() => _ignoresLog = true;

    /// <summary>A client for the port that the server said it listens on.</summary>
    public async Task<(HttpClient Http, HttpClient Management)> ClientsAsync(CancellationToken cancellationToken)
    {
        var ports = Ports().Match(await LineAsync("Listening on", cancellationToken));
        GrpcPort = int.Parse(ports.Groups[3].Value, CultureInfo.InvariantCulture);
        return (Client(ports.Groups[1].Value), Client(ports.Groups[2].Value));
    }

    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private static HttpClient Client(string port) => new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };

    private async Task ReadLogAsync()
    {
        while (!_ignoresLog && await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors)
            {
                _errors.Add(line);
            }

            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.TryComplete();
    }

    [GeneratedRegex("HTTP port ([0-9]+), management port ([0-9]+), gRPC port ([0-9]+)")]
    private static partial Regex Ports();
}
