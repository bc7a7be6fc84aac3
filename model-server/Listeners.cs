using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer;

/// <summary>The sockets that the server listens on, each with one job; a request's job is told by the port it came in at.</summary>
internal sealed class Listeners(ServerSettings settings)
{
    private ListenOptions? _http;
    private ListenOptions? _management;

    /// <summary>The port in use once the server runs, also when it was asked to take a free one.</summary>
    public int HttpPort => Port(_http, settings.HttpPort);

    public int ManagementPort => Port(_management, settings.ManagementPort);

    public void AddTo(KestrelServerOptions kestrel)
    {
        kestrel.Listen(settings.BindAddress, settings.HttpPort, options => _http = Plain(options));
        kestrel.Listen(settings.BindAddress, settings.ManagementPort, options => _management = Plain(options));
    }

    private static ListenOptions Plain(ListenOptions options)
    {
        options.Protocols = HttpProtocols.Http1;
        return options;
    }

    private static int Port(ListenOptions? options, int asked) => (options?.EndPoint as IPEndPoint)?.Port ?? asked;
}
