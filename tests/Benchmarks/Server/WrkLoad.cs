using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Benchmarks.Server;

/// <summary>A closed loop of HTTP/1.1 connections, driven by wrk.</summary>
/// <param name="contentType">Of the body.</param>
/// <param name="headerLength">Inference-Header-Content-Length, null for a body that is all JSON.</param>
internal sealed partial class WrkLoad(string path, byte[] body, int connections, string contentType = "application/json", int? headerLength = null) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-wrk-").FullName;

    /// <returns>Requests that were answered 200, and the wall time that they took.</returns>
    /// <exception cref="InvalidOperationException">wrk is missing, or a request failed.</exception>
    public async Task<(long Requests, double Seconds)> RunAsync(int port, TimeSpan duration, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "body"), body, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "post.lua"), Script(), cancellationToken);
        var seconds = Math.Max(1, (int)Math.Round(duration.TotalSeconds));
        using var wrk = Process.Start(new ProcessStartInfo(
            "wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "20s", "-s", Path.Combine(_folder, "post.lua"), $"http://127.0.0.1:{port}{path}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("wrk did not start; install it (Debian: apt-get install wrk).");
        var said = await wrk.StandardOutput.ReadToEndAsync(cancellationToken);
        await wrk.WaitForExitAsync(cancellationToken);
        if (said.Contains("Non-2xx", StringComparison.Ordinal) || said.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Requests to {path} failed: {said}");
        }

        var match = Counts().Match(said);
        return match.Success
            ? (long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), Seconds(match.Groups[2].Value))
            : throw new InvalidOperationException($"wrk said nothing of requests: {said}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Script()
    {
        var header = headerLength is { } length ? $"wrk.headers[\"Inference-Header-Content-Length\"] = \"{length}\"\n" : "";
        return $"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "{contentType}"
            {header}local file = io.open("{Path.Combine(_folder, "body")}", "rb")
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
