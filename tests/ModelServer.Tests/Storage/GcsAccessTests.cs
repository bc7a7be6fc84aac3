using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Storage.Stores;

namespace Slipway.ModelServer.Tests.Storage;

/// <summary>How Google Cloud Storage is asked for tokens and told them.</summary>
[CancelAfter(60_000)]
[NonParallelizable]
internal sealed class GcsAccessTests
{
    private const string Token = "ya29.hidden-token";

    private readonly RSA _key = RSA.Create(2048);
    private GcsUnderTest? _store;
    private WebServer? _tokens;
    private ModelFolder? _folder;

    private ModelFolder Folder => _folder ?? throw new AssertionException("There is no folder.");

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new ModelFolder();
        _store = await GcsUnderTest.StartAsync();
        _store.Token = Token;
        _tokens = await WebServer.StartAsync(GiveAsync);
        await _store.PutAsync("closed/1/model.onnx", TestModels.Double(), CancellationToken.None);
        Folder.WithSecret("STORAGE_EMULATOR_HOST", $"http://127.0.0.1:{_store.Port}");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _store!.DisposeAsync();
        await _tokens!.DisposeAsync();
        _folder?.Dispose();
    }

    [OneTimeTearDown]
    public void DisposeKey() => _key.Dispose();

    [Test]
    public async Task A_service_accounts_key_is_exchanged_for_a_token(CancellationToken cancellationToken)
    {
        Folder.WithSecret("gcloud-application-credentials.json", ServiceAccount(_key));

        await new Fetching().FetchAsync(Settings(), cancellationToken);
    }

    [Test]
    public async Task A_wrong_key_is_told_without_it_and_mending_the_secret_is_enough(CancellationToken cancellationToken)
    {
        using var other = RSA.Create(2048);
        Folder.WithSecret("gcloud-application-credentials.json", ServiceAccount(other));
        var fetching = new Fetching { OnTrouble = _ => Folder.WithSecret("gcloud-application-credentials.json", ServiceAccount(_key)) };

        await fetching.FetchAsync(Settings(), cancellationToken);

        var said = string.Join('\n', fetching.Said);
        said.Should().Contain("Storage refused to list gs://models/closed/1: HTTP 401 invalid_grant, Invalid JWT Signature.")
            .And.Contain("The credentials came from gcloud-application-credentials.json in ").And.NotContain(Token).And.NotContain("PRIVATE KEY");
    }

    [TestCase("no json with a PRIVATE KEY in it")]
    [TestCase("""{"type":"service_account","private_key":"a PRIVATE KEY that is none","client_email":"a@b"}""")]
    [TestCase("""{"type":"something else with a PRIVATE KEY"}""")]
    public async Task Credentials_that_are_none_are_told_and_not_quoted(string wrong, CancellationToken cancellationToken)
    {
        Folder.WithSecret("gcloud-application-credentials.json", wrong);
        var fetching = new Fetching { OnTrouble = _ => Folder.WithSecret("gcloud-application-credentials.json", ServiceAccount(_key)) };

        await fetching.FetchAsync(Settings(), cancellationToken);

        fetching.Said[0].Should().Contain("They are no credentials of Google").And.NotContain("PRIVATE KEY");
    }

    [Test]
    public async Task Workload_identity_comes_from_the_metadata_server(CancellationToken cancellationToken)
    {
        using var authority = new TestAuthority();
        await using var server = ServerProcess.Start(
            new Dictionary<string, string>
            {
                ["GCE_METADATA_HOST"] = $"127.0.0.1:{_tokens!.Port}",
                ["SLIPWAY_TERMINATION_LOG"] = Folder.Other("termination-log"),
                ["HTTPS_PROXY"] = $"http://127.0.0.1:{_tokens.Port}",
            },
            ["serve", "--model", "m", "--uri", "gs://models/closed", "--version", "1", "--cache", Folder.Cache, "--http-port", "0", "--management-port", "0", "--credentials", Folder.Other("none")]);

        // Google's own address is not reachable here; that a token was fetched for it is what can be seen.
        (await server.LineAsync("gs://models/closed", cancellationToken)).Should().Contain("could not be reached");
        _given.Should().Contain("/computeMetadata/v1/instance/service-accounts/default/token");
    }

    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _given = new();

    private ServerSettings Settings() => TestServer.Settings(Folder) with { Uri = new Uri("gs://models/closed") };

    private string ServiceAccount(RSA key) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["type"] = "service_account",
        ["project_id"] = "p",
        ["private_key_id"] = "1",
        ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = "server@p.iam.gserviceaccount.com",
        ["client_id"] = "1",
        ["token_uri"] = $"http://127.0.0.1:{_tokens!.Port}/token",
    });

    private async Task GiveAsync(HttpContext context)
    {
        _given.Enqueue(context.Request.Path.Value!);
        context.Response.Headers["Metadata-Flavor"] = "Google";
        context.Response.ContentType = "application/json";
        if (context.Request.Path == "/token" && !IsSigned((await context.Request.ReadFormAsync())["assertion"].ToString()))
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"error":"invalid_grant","error_description":"Invalid JWT Signature."}""");
            return;
        }

        if (context.Request.Method == "CONNECT")
        {
            context.Response.StatusCode = 502;
            return;
        }

        await context.Response.WriteAsync(new JsonObject { ["access_token"] = Token, ["expires_in"] = 3600, ["token_type"] = "Bearer" }.ToJsonString());
    }

    private bool IsSigned(string jwt)
    {
        var end = jwt.LastIndexOf('.');
        return end > 0 && _key.VerifyData(
            Encoding.ASCII.GetBytes(jwt[..end]), System.Buffers.Text.Base64Url.DecodeFromChars(jwt.AsSpan(end + 1)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
