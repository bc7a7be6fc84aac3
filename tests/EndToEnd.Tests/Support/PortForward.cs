using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A <c>kubectl port-forward</c> that runs until it is disposed of.</summary>
internal sealed partial class PortForward(Kubectl kubectl, string target, int port) : BackgroundProcess(kubectl.Start("port-forward", target, $":{port}"))
{
    /// <summary>Where on this machine the port is.</summary>
    public async Task<Uri> AddressAsync(TimeSpan limit)
    {
        await Eventually.TrueAsync(() => Task.FromResult(HasExited || Line().IsMatch(Output)), () => $"{target} is forwarded: {Output}", limit);
        return Line().Match(Output) is { Success: true } line
            ? new($"http://127.0.0.1:{int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture)}")
            : throw new InvalidOperationException($"kubectl port-forward {target}: {Output}");
    }

    [GeneratedRegex(@"Forwarding from 127\.0\.0\.1:(\d+)")]
    private static partial Regex Line();
}
