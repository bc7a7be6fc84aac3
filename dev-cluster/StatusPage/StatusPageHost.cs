using System.Net;
using System.Net.Mime;
using System.Text.Json;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Operator;
using Slipway.Operator.Observe;

namespace Slipway.DevCluster.StatusPage;

/// <summary>A small page about the models of this cluster, for a browser on this machine. It shows, and changes nothing.</summary>
internal static class StatusPageHost
{
    public const string UserAgent = "slipway-dev-page";

    private static readonly TimeSpan PodLimit = TimeSpan.FromSeconds(2);
    private static readonly byte[] Page = ReadPage();

    /// <param name="port">On 127.0.0.1; 0 takes any free one.</param>
    public static WebApplication Build(KubernetesClientConfiguration configuration, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.AddSingleton(new Kubernetes(configuration));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(provider => new ServerWindowReader(
            new(ManagementReader.Handler()) { Timeout = PodLimit, MaxResponseContentBufferSize = ServerWindowReader.MaxBytes }, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ServerWindowReader>>()));
        builder.Services.AddSingleton<ClusterReader>();
        var page = builder.Build();
        page.Use(RefuseOthersAsync);
        page.UseRouting();
        page.MapGet("/", context =>
        {
            context.Response.ContentType = $"{MediaTypeNames.Text.Html}; charset=utf-8";
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:";
            return context.Response.Body.WriteAsync(Page, context.RequestAborted).AsTask();
        });
        page.MapGet("/state", async context =>
        {
            var view = await context.RequestServices.GetRequiredService<ClusterReader>().ReadAsync(context.RequestAborted);
            context.Response.ContentType = MediaTypeNames.Application.Json;
            await JsonSerializer.SerializeAsync(context.Response.Body, view, JsonSerializerOptions.Web, context.RequestAborted);
        });
        return page;
    }

    /// <summary>A page elsewhere may have its name lead here; what it reads then is not its own.</summary>
    private static Task RefuseOthersAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Host.Host is "127.0.0.1" or "localhost")
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static byte[] ReadPage()
    {
        using var resource = typeof(StatusPageHost).Assembly.GetManifestResourceStream("Slipway.DevCluster.StatusPage.page.html")!;
        using var copy = new MemoryStream();
        resource.CopyTo(copy);
        return copy.ToArray();
    }
}
