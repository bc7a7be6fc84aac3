using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>An object store's door: passes on what is signed with the admitted key, and refuses the rest as S3 does.</summary>
internal sealed class KeyGate : IAsyncDisposable
{
    private static readonly string[] PassedOn = ["Range", "If-Match", "Authorization"];

    private readonly WebApplication _app;
    private readonly HttpClient _store;

    private KeyGate(int target, string admitted)
    {
        _store = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{target}") };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(http => http.Request.Headers.Authorization.ToString().Contains($"Credential={admitted}/", StringComparison.Ordinal) ? PassAsync(http) : RefuseAsync(http));
    }

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<KeyGate> StartAsync(int target, string admitted, CancellationToken cancellationToken)
    {
        var gate = new KeyGate(target, admitted);
        await gate._app.StartAsync(cancellationToken);
        return gate;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _store.Dispose();
    }

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        http.Response.ContentType = "application/xml";
        return http.Response.Body.WriteAsync(
            Encoding.ASCII.GetBytes("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"), http.RequestAborted).AsTask();
    }

    private async Task PassAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), $"{http.Request.Path}{http.Request.QueryString}");
        foreach (var name in PassedOn)
        {
            request.Headers.TryAddWithoutValidation(name, http.Request.Headers[name].ToString());
        }

        using var answer = await _store.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        http.Response.Headers.ContentRange = answer.Content.Headers.ContentRange?.ToString();
        http.Response.Headers.ETag = answer.Headers.ETag?.ToString();
        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
