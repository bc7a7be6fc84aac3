using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Transport;

namespace Slipway.ModelServer;

/// <summary>The sockets that the server listens on, each with one job; a request's job is told by the port it came in at.</summary>
internal sealed class Listeners(ServerSettings settings, ConnectionAge age)
{
    // What a client may hold without sending or taking anything: idle or dead connections, slow answers. Headers and bodies are held to
    // the settings' limits.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);
    private static readonly MinDataRate LeastAnswerRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    private const int MostHeaderFieldBytes = 8 << 10;
    private const int MostStreams = 100;

    // Scrapers, the operator and people.
    private const int MostManagementConnections = 256;

    private ListenOptions? _http;
    private ListenOptions? _grpc;
    private ListenOptions? _management;

    /// <summary>The port in use once the server runs, also when it was asked to take a free one.</summary>
    public int HttpPort => Port(_http, settings.HttpPort);

    public int GrpcPort => Port(_grpc, settings.GrpcPort);

    public int ManagementPort => Port(_management, settings.ManagementPort);

    public void AddTo(KestrelServerOptions kestrel)
    {
        Limit(kestrel.Limits);
        kestrel.Listen(settings.BindAddress, settings.HttpPort, options =>
        {
            _http = Speaking(options, HttpProtocols.Http1, settings.Limits.Connections);
            options.Use(age.Begin);
        });
        kestrel.Listen(settings.BindAddress, settings.GrpcPort, options =>
        {
            _grpc = Speaking(options, HttpProtocols.Http2, settings.Limits.Connections);
            options.Use(age.Begin);
        });
        kestrel.Listen(
            settings.BindAddress, settings.ManagementPort, options => _management = Speaking(options, HttpProtocols.Http1, MostManagementConnections));
    }

    private static void Limit(KestrelServerLimits limits)
    {
        limits.KeepAliveTimeout = IdleTimeout;
        limits.MinResponseDataRate = LeastAnswerRate;
        limits.Http2.MaxRequestHeaderFieldSize = MostHeaderFieldBytes;
        limits.Http2.MaxStreamsPerConnection = MostStreams;
        limits.Http2.KeepAlivePingDelay = PingDelay;
        limits.Http2.KeepAlivePingTimeout = PingTimeout;
    }

    private static ListenOptions Speaking(ListenOptions options, HttpProtocols protocols, int mostConnections)
    {
        options.Protocols = protocols;
        options.Use(new ConnectionCap(mostConnections).Count);
        return options;
    }

    private static int Port(ListenOptions? options, int asked) => (options?.EndPoint as IPEndPoint)?.Port ?? asked;
}
