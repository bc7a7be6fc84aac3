using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Storage;

/// <summary>How S3 is spoken to: signatures, checked from their specification, and addresses.</summary>
[CancelAfter(60_000)]
[NonParallelizable]
internal sealed class S3AccessTests
{
    private const string Id = "AKIDTEST";
    private const string Secret = "hidden/secret+value";

    private MotoServer? _moto;
    private ModelFolder? _folder;
    private FaultProxy? _proxy;

    private ModelFolder Folder => _folder ?? throw new AssertionException("There is no folder.");

    private FaultProxy Proxy => _proxy ?? throw new AssertionException("There is no proxy.");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _moto = await MotoServer.StartAsync(CancellationToken.None);
        await _moto.PutAsync("signed/1/model.onnx", [1], CancellationToken.None);
        await _moto.PutAsync("signed/1/a b+(c)=ü/x*.bin", [2], CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await (_moto?.DisposeAsync() ?? ValueTask.CompletedTask);

    [SetUp]
    public async Task MakeFolderAsync()
    {
        _folder = new ModelFolder();
        _proxy = await FaultProxy.StartAsync(_moto!.Port);
        _proxy.Fault = Check;
        _folder.WithSecret("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{_proxy.Port}");
    }

    [TearDown]
    public async Task RemoveFolderAsync()
    {
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder?.Dispose();
    }

    [TestCase("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    [TestCase("awsAccessKeyID", "awsSecretAccessKey")]
    public async Task Requests_are_signed_with_the_keys_of_the_secret(string id, string secret, CancellationToken cancellationToken)
    {
        Folder.WithSecret(id, Id + "\n").WithSecret(secret, Secret + "\n");

        await new Fetching().FetchAsync(Settings(), cancellationToken);

        Proxy.Seen.Should().NotBeEmpty().And.OnlyContain(seen => seen.Authorization.Contains($"Credential={Id}/", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_session_token_goes_along(CancellationToken cancellationToken)
    {
        Folder.WithSecret("AWS_ACCESS_KEY_ID", Id).WithSecret("AWS_SECRET_ACCESS_KEY", Secret).WithSecret("AWS_SESSION_TOKEN", "the-session");
        var tokens = new List<string>();
        Proxy.Fault = request =>
        {
            tokens.Add(request.Headers["x-amz-security-token"].ToString());
            return Check(request);
        };

        await new Fetching().FetchAsync(Settings(), cancellationToken);

        tokens.Should().NotBeEmpty().And.OnlyContain(token => token == "the-session");
    }

    [Test]
    public async Task A_profile_of_the_secret_signs(CancellationToken cancellationToken)
    {
        Folder.WithSecret("credentials", $"[default]\naws_access_key_id = other\naws_secret_access_key = other\n[models]\naws_access_key_id = {Id}\naws_secret_access_key = {Secret}\n")
            .WithSecret("AWS_PROFILE", "models");

        await new Fetching().FetchAsync(Settings(), cancellationToken);

        Proxy.Seen.Should().NotBeEmpty();
    }

    [Test]
    public async Task A_wrong_key_is_told_without_it_and_mending_the_secret_is_enough(CancellationToken cancellationToken)
    {
        Folder.WithSecret("AWS_ACCESS_KEY_ID", Id).WithSecret("AWS_SECRET_ACCESS_KEY", "a-wrong-secret");
        var fetching = new Fetching { OnTrouble = _ => Folder.WithSecret("AWS_SECRET_ACCESS_KEY", Secret) };

        await fetching.FetchAsync(Settings(), cancellationToken);

        var said = string.Join('\n', fetching.Said);
        said.Should().Contain("HTTP 403 SignatureDoesNotMatch, the signature is another one. The credentials came from ")
            .And.NotContain(Secret).And.NotContain("a-wrong-secret");
    }

    [Test]
    public async Task Anonymous_requests_carry_no_signature(CancellationToken cancellationToken)
    {
        await _moto!.Client.PutBucketAsync(new PutBucketRequest { BucketName = "public", CannedACL = S3CannedACL.PublicRead }, cancellationToken);
        await _moto.Client.PutObjectAsync(
            new PutObjectRequest { BucketName = "public", Key = "m/1/model.onnx", ContentBody = "1", CannedACL = S3CannedACL.PublicRead, UseChunkEncoding = false },
            cancellationToken);
        Folder.WithSecret("awsAnonymousCredential", "true");
        Proxy.Fault = static _ => null;

        await new Fetching().FetchAsync(Settings() with { Uri = new Uri("s3://public/m") }, cancellationToken);

        Proxy.Seen.Should().NotBeEmpty().And.OnlyContain(seen => seen.Authorization.Length == 0);
    }

    [Test]
    public async Task A_web_identity_is_exchanged_at_sts_for_keys_that_sign(CancellationToken cancellationToken)
    {
        await _moto!.PutAsync("served/1/model.onnx", TestModels.Double(), cancellationToken);
        await File.WriteAllTextAsync(Folder.Other("token"), "the-web-identity", cancellationToken);
        await using var sts = await WebServer.StartAsync(async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            var isRight = form["Action"] == "AssumeRoleWithWebIdentity" && form["WebIdentityToken"] == "the-web-identity" && form["RoleArn"] == "arn:aws:iam::123456789012:role/models";
            context.Response.StatusCode = isRight ? 200 : 403;
            context.Response.ContentType = "text/xml";
            await context.Response.WriteAsync(
                $"<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>{Id}</AccessKeyId><SecretAccessKey>{Secret}</SecretAccessKey><SessionToken>the-session</SessionToken><Expiration>2090-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>");
        });
        await using var server = Serve(new Dictionary<string, string>
        {
            ["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/models",
            ["AWS_WEB_IDENTITY_TOKEN_FILE"] = Folder.Other("token"),
            ["AWS_ENDPOINT_URL_STS"] = $"http://127.0.0.1:{sts.Port}",
            ["AWS_REGION"] = "us-east-1",
        });

        await server.LineAsync("is ready after", cancellationToken);

        Proxy.Seen.Should().OnlyContain(seen => seen.Authorization.Contains($"Credential={Id}/", StringComparison.Ordinal));
        server.Errors.Should().NotContain("the-web-identity").And.NotContain(Secret);
    }

    [Test]
    public async Task The_bucket_can_be_part_of_the_host(CancellationToken cancellationToken)
    {
        await _moto!.PutAsync("served/1/model.onnx", TestModels.Double(), cancellationToken);
        Folder.WithSecret("AWS_ACCESS_KEY_ID", Id).WithSecret("AWS_SECRET_ACCESS_KEY", Secret)
            .WithSecret("S3_USE_VIRTUAL_BUCKET", "true").WithSecret("AWS_ENDPOINT_URL_S3", "http://s3.example");
        var hosts = new System.Collections.Concurrent.ConcurrentQueue<string>();

        // The store behind is asked by path: what is looked at is what was sent.
        Proxy.Strip = "Host";
        Proxy.Target = request =>
        {
            hosts.Enqueue(request.Host.Value ?? "");
            return $"/{MotoServer.Bucket}{request.Path}{request.QueryString}";
        };

        // DNS knows no such host; as the network's proxy, the test is asked for it.
        await using var server = Serve(new Dictionary<string, string> { ["HTTP_PROXY"] = $"http://127.0.0.1:{Proxy.Port}" });
        await server.LineAsync("is ready after", cancellationToken);

        hosts.Should().NotBeEmpty().And.OnlyContain(host => host == "models.s3.example");
    }

    [Test]
    public async Task The_authority_of_AWS_CA_BUNDLE_is_trusted_and_no_other([Values] bool asPath, CancellationToken cancellationToken)
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        await using var proxy = await FaultProxy.StartAsync(_moto!.Port, authority.Server());
        Folder.WithSecret("AWS_ACCESS_KEY_ID", Id).WithSecret("AWS_SECRET_ACCESS_KEY", Secret)
            .WithSecret("AWS_ENDPOINT_URL_S3", $"https://127.0.0.1:{proxy.Port}").WithSecret("AWS_CA_BUNDLE", stranger.Pem);
        var fetching = new Fetching { OnTrouble = _ => Bundle(asPath, authority.Pem) };

        await fetching.FetchAsync(Settings(), cancellationToken);

        fetching.Said[0].Should().StartWith("A TLS connection could not be made to list s3://models/signed/1:");
    }

    private void Bundle(bool asPath, string pem)
    {
        if (asPath)
        {
            File.WriteAllText(Folder.Other("bundle.pem"), pem);
        }

        Folder.WithSecret("AWS_CA_BUNDLE", asPath ? Folder.Other("bundle.pem") : pem);
    }

    private ServerProcess Serve(Dictionary<string, string> environment)
    {
        environment["SLIPWAY_TERMINATION_LOG"] = Folder.Other("termination-log");
        return ServerProcess.Start(
            environment,
            ["serve", "--model", "m", "--uri", "s3://models/served", "--version", "1", "--cache", Folder.Cache, "--http-port", "0", "--management-port", "0", "--credentials", Folder.Credentials]);
    }

    private ServerSettings Settings() => TestServer.Settings(Folder) with { Uri = new Uri("s3://models/signed") };

    private static Fault? Check(HttpRequest request) => SignatureCheck.Fault(request, Id, Secret) is { } fault
        ? new Fault { Status = 403, Body = $"<Error><Code>SignatureDoesNotMatch</Code><Message>{fault}</Message></Error>" } : null;
}
