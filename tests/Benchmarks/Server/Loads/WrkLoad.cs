using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>A closed loop of HTTP/1.1 connections, driven by wrk.</summary>
internal sealed partial class WrkLoad : ILoad, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-wrk-").FullName;
    private readonly int _connections;

    public WrkLoad(Request request, int connections)
    {
        _connections = connections;
        File.WriteAllBytes(BodyFile, request.Body);
        File.WriteAllText(ScriptFile, Script(request));
    }

    private string BodyFile => Path.Combine(_folder, "body");

    private string ScriptFile => Path.Combine(_folder, "post.lua");

    public async Task<(long Requests, double Seconds)> RunAsync(ServerProcess server, TimeSpan duration, CancellationToken cancellationToken)
    {
        var seconds = Math.Max(1, (int)Math.Round(duration.TotalSeconds));
        var said = await Programs.RunAsync(
            "wrk",
            ["-t1", $"-c{_connections}", $"-d{seconds}s", "--timeout", "20s", "-s", ScriptFile, $"http://127.0.0.1:{server.Port}{Request.Path}"],
            cancellationToken);
        if (said.Contains("Non-2xx", StringComparison.Ordinal) || said.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Requests failed: {said}");
        }

        var match = Counts().Match(said);
        return match.Success
            ? (long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), Seconds(match.Groups[2].Value))
            : throw new InvalidOperationException($"wrk said nothing of requests: {said}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Script(Request request)
    {
        var header = request.HeaderLength is { } length ? $"wrk.headers[\"{Request.HeaderLengthName}\"] = \"{length}\"\n" : "";
        return $"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "{request.ContentType}"
            {header}local file = io.open("{BodyFile}", "rb")
            wrk.body = file:read("*a")
            file:close()
            """;
    }

    private static double Seconds(string text) => text.EndsWith("ms", StringComparison.Ordinal)
        ? double.Parse(text[..^2], CultureInfo.InvariantCulture) / 1000
        : double.Parse(text[..^1], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) requests in ([\d.]+m?s)")]
    private static partial Regex Counts();
}
