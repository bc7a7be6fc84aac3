using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Benchmarks.Server.Processes;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>So many requests over so many connections of HTTP/1.1, driven by h2load, which counts what became of each.</summary>
internal sealed partial class H2Load(Request request, int connections)
{
    /// <returns>Requests that were not answered 2xx.</returns>
    public async Task<long> FailedAsync(ServerProcess server, int requests, CancellationToken cancellationToken)
    {
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(body, request.Body, cancellationToken);
            var said = await Programs.RunAsync(
                "h2load",
                ["--h1", $"-n{requests}", $"-c{connections}", "-d", body, "-H", $"content-type: {request.ContentType}", $"http://127.0.0.1:{server.Port}{Request.Path}"],
                cancellationToken);
            var failed = Failed(said, requests);
            if (failed > 0)
            {
                await Console.Error.WriteLineAsync($"  h2load: {Ending().Match(said).Value.ReplaceLineEndings("; ")}");
            }

            return failed;
        }
        finally
        {
            File.Delete(body);
        }
    }

    /// <summary>Of what h2load says at its end. What it never began, or began and lost, has failed as well.</summary>
    public static long Failed(string said, int requests)
    {
        var succeeded = Succeeded().Match(said);
        return succeeded.Success
            ? requests - long.Parse(succeeded.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"h2load said nothing of requests that succeeded: {said}");
    }

    [GeneratedRegex(@"^requests: .*\nstatus codes: .*", RegexOptions.Multiline)]
    private static partial Regex Ending();

    [GeneratedRegex(@"^requests: .* (\d+) succeeded", RegexOptions.Multiline)]
    private static partial Regex Succeeded();
}
