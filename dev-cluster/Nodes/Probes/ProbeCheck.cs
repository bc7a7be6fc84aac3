using System.Globalization;
using System.Net.Sockets;
using k8s.Models;

namespace Slipway.DevCluster.Nodes.Probes;

/// <summary>Asks one probe's question once.</summary>
internal sealed class ProbeCheck(V1Probe probe, V1Container container, string podAddress, HttpClient http, ContainerExec exec, TimeProvider clock)
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(probe.TimeoutSeconds ?? 1);

    public async Task<ProbeResult> RunAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return probe switch
            {
                { HttpGet: { } get } => await HttpAsync(get, either.Token),
                { TcpSocket: { } socket } => await TcpAsync(socket, either.Token),
                { Exec: { } command } => await exec.RunAsync(command.Command, _timeout, cancellationToken),
                { Grpc: not null } => ProbeResult.Bad("dev-cluster has no gRPC probe; use httpGet or tcpSocket"),
                _ => ProbeResult.Bad("missing probe handler"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Bad($"{Target} no answer within {_timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s (probe timeout)".TrimStart());
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException)
        {
            return ProbeResult.Bad($"{Target} {Cause(exception)}".TrimStart());
        }
    }

    /// <summary>The number behind a port's number or name.</summary>
    /// <exception cref="HttpRequestException">The container has no port of that name.</exception>
    public static int Port(V1Container container, IntOrString port) =>
        int.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : container.Ports?.FirstOrDefault(known => known.Name == port.Value)?.ContainerPort
        ?? throw new HttpRequestException($"couldn't find port: \"{port.Value}\" in container \"{container.Name}\"");

    public static Uri Address(V1HTTPGetAction get, V1Container container, string podAddress) => new(
        $"{(get.Scheme ?? "HTTP").ToLowerInvariant()}://{(string.IsNullOrEmpty(get.Host) ? podAddress : get.Host)}:{Port(container, get.Port)}/{(get.Path ?? "").TrimStart('/')}");

    private string Target => probe.HttpGet is { } get ? $"Get \"{Address(get, container, podAddress)}\":" : "";

    private async Task<ProbeResult> HttpAsync(V1HTTPGetAction get, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(get, container, podAddress));
        request.Headers.UserAgent.ParseAdd("kube-probe/1.36");
        foreach (var header in get.HttpHeaders ?? [])
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return (int)response.StatusCode is >= 200 and < 400
            ? ProbeResult.Good
            : ProbeResult.Bad($"HTTP probe failed with statuscode: {(int)response.StatusCode}");
    }

    private async Task<ProbeResult> TcpAsync(V1TCPSocketAction socket, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(string.IsNullOrEmpty(socket.Host) ? podAddress : socket.Host, Port(container, socket.Port), cancellationToken);
        return ProbeResult.Good;
    }

    private static string Cause(Exception exception) => exception.InnerException is SocketException inner ? inner.Message : exception.Message;
}
