using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Http;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.Operator;
using Slipway.Telemetry;

namespace Slipway.DevCluster.ApiServer;

/// <summary>A running API server. It holds everything in memory, and ends with its disposal, or is stopped to go on as another.</summary>
internal sealed class ApiServerHost : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly WebApplication _application;
    private readonly ApiServerState _state;
    private readonly AuditLog? _audit;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _registration;

    private ApiServerHost(
        WebApplication application, ApiServerState state, AuditLog? audit, Uri address, ApiServices services, DefinitionRegistrar registrar)
    {
        _application = application;
        _state = state;
        _audit = audit;
        Address = address;
        Services = services;
        _registration = registrar.RunAsync(_stopping.Token);
    }

    /// <summary>Raised after every request, on the thread that answered it. A watch counts when it ends.</summary>
    public event Action<ObservedRequest>? RequestObserved;

    public Uri Address { get; }

    /// <summary>The bearer token of <c>system:masters</c>, to whom everything is allowed; another one for every new server.</summary>
    public string Token => _state.Token;

    public ResourceCatalog Catalog => Services.Catalog;

    public ObjectStore Store => _state.Store;

    /// <summary>Watches that clients hold open now.</summary>
    public int OpenWatches => Services.Watches.Open;

    private ApiServices Services { get; }

    /// <summary>Starts the server; it answers when this returns.</summary>
    /// <exception cref="ArgumentException">For an address outside 127.0.0.0/8.</exception>
    public static async Task<ApiServerHost> StartAsync(ApiServerOptions options, CancellationToken cancellationToken)
    {
        if (options.Address.GetAddressBytes() is not [127, _, _, _])
        {
            throw new ArgumentException($"the API server listens on this machine only: {options.Address} is not in 127.0.0.0/8", nameof(options));
        }

        var state = options.State ?? new(
            new ObjectStore(options.WatchHistory),
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)),
            ServerCertificate.Create(options.Address, options.Time.GetUtcNow()));
        var application = Build(options, state.Certificate);
        var services = ApiServices.Create(options, state);
        var audit = options.AuditLog is { } path ? AuditLog.Open(path) : null;
        ApiServerHost? host = null;
        var pipeline = new RequestPipeline(
            services.Access,
            services.Endpoints,
            options.Intercept,
            request =>
            {
                audit?.Write(request);
                host?.RequestObserved?.Invoke(request);
            },
            options.Time,
            application.Services.GetRequiredService<ILogger<RequestPipeline>>());
        var stopping = application.Lifetime.ApplicationStopping;
        application.Run(context => pipeline.HandleAsync(context, stopping));
        await application.StartAsync(cancellationToken);
        host = new ApiServerHost(application, state, audit, new Uri(application.Urls.Single()), services,
            new DefinitionRegistrar(services.Store, services.Catalog, options.Time, application.Services.GetRequiredService<ILogger<DefinitionRegistrar>>()));
        return host;
    }

    /// <summary>Writes a kubeconfig that leads kubectl and helm here.</summary>
    public void WriteKubeconfig(string path) => Kubeconfig.Write(path, Kubeconfig.Text(Address, Token, _state.Certificate.AuthorityPem));

    /// <summary>How a client inside this process reaches the server.</summary>
    public KubernetesClientConfiguration ClientConfiguration(string userAgent) => new()
    {
        Host = Address.GetLeftPart(UriPartial.Authority),
        AccessToken = Token,
        SslCaCerts = new X509Certificate2Collection(X509Certificate2.CreateFromPem(_state.Certificate.AuthorityPem)),
        UserAgent = userAgent,
    };

    /// <summary>Breaks off every connection and listens no more; what is returned lets another server go on in its place, and is that one's from here on.</summary>
    public async Task<ApiServerState> StopAsync()
    {
        await _stopping.CancelAsync();
        await _registration;
        _stopping.Dispose();
        await _application.DisposeAsync();
        if (_audit is not null)
        {
            await _audit.DisposeAsync();
        }

        return _state;
    }

    public async ValueTask DisposeAsync()
    {
        var state = await StopAsync();
        state.Dispose();
    }

    private static WebApplication Build(ApiServerOptions options, ServerCertificate certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.AddLogging(logging => ConsoleLog.AddTo(logging.SetMinimumLevel(LogLevel.Warning), json: false, scopes: false));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(options.Address, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificate.Server);
            });
        });
        return builder.Build();
    }
}
