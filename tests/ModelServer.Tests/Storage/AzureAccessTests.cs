using System.Globalization;
using System.Text;
using Azure.Storage.Sas;
using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Storage.Stores;

namespace Slipway.ModelServer.Tests.Storage;

/// <summary>How Azure Blob Storage is given keys, SAS tokens and identities; Azurite checks them.</summary>
[CancelAfter(60_000)]
[NonParallelizable]
internal sealed class AzureAccessTests
{
    private AzureUnderTest? _store;
    private FaultProxy? _proxy;
    private ModelFolder? _folder;

    private AzureUnderTest Store => _store ?? throw new AssertionException("The store is not running.");

    private FaultProxy Proxy => _proxy ?? throw new AssertionException("There is no proxy.");

    private ModelFolder Folder => _folder ?? throw new AssertionException("There is no folder.");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _store = await AzureUnderTest.StartAsync(CancellationToken.None);
        foreach (var name in (string[])["model.onnx", "a.bin", "b.bin", "c.bin", "d.bin"])
        {
            await _store.PutAsync($"closed/1/{name}", Encoding.ASCII.GetBytes(name), CancellationToken.None);
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);

    [SetUp]
    public async Task MakeFolderAsync()
    {
        _proxy = await FaultProxy.StartAsync(Store.Port);
        _folder = new ModelFolder().WithSecret("AZURE_STORAGE_SERVICE_ENDPOINT", $"http://127.0.0.1:{_proxy.Port}/{AzureUnderTest.Account}");
    }

    [TearDown]
    public async Task RemoveFolderAsync()
    {
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder?.Dispose();
    }

    [TestCase("AZURE_STORAGE_KEY")]
    [TestCase("AZURE_STORAGE_ACCESS_KEY")]
    public async Task An_accounts_key_signs(string name, CancellationToken cancellationToken)
    {
        Folder.WithSecret(name, AzureUnderTest.Key + "\n");

        await new Fetching().FetchAsync(Settings(), cancellationToken);
    }

    [Test]
    public async Task A_sas_token_is_enough_and_listings_come_in_pages(CancellationToken cancellationToken)
    {
        Folder.WithSecret("AZURE_STORAGE_SAS_TOKEN", Sas());
        Proxy.Target = request => request.Path + request.QueryString.Value + (request.QueryString.Value!.Contains("comp=list", StringComparison.Ordinal) ? "&maxresults=2" : "");

        var fetched = await new Fetching().FetchAsync(Settings(), cancellationToken);

        Directory.GetFiles(Path.GetDirectoryName(fetched.ModelFile)!).Should().HaveCount(5);
        Proxy.Seen.Count(seen => seen.Query.Contains("marker=", StringComparison.Ordinal)).Should().Be(2);
    }

    [Test]
    public async Task A_wrong_key_is_told_without_it_and_mending_the_secret_is_enough(CancellationToken cancellationToken)
    {
        var wrong = Convert.ToBase64String("the key of another account"u8);
        Folder.WithSecret("AZURE_STORAGE_KEY", wrong);
        var fetching = new Fetching { OnTrouble = _ => Folder.WithSecret("AZURE_STORAGE_KEY", AzureUnderTest.Key) };

        await fetching.FetchAsync(Settings(), cancellationToken);

        string.Join('\n', fetching.Said).Should().Contain($"Storage refused to list az://{AzureUnderTest.Account}/models/closed/1: HTTP 403 AuthorizationFailure")
            .And.Contain("The credentials came from AZURE_STORAGE_KEY in ").And.NotContain(wrong).And.NotContain(AzureUnderTest.Key);
    }

    [TestCase("AZURE_STORAGE_KEY", "not*base64")]
    [TestCase("AZURE_STORAGE_CONNECTION_STRING", "AccountName=x;AccountKey=not*base64")]
    public async Task Credentials_that_are_none_are_told_and_not_quoted(string name, string wrong, CancellationToken cancellationToken)
    {
        Folder.WithSecret(name, wrong);
        var fetching = new Fetching { OnTrouble = _ => Folder.WithSecret(name, name.EndsWith("KEY", StringComparison.Ordinal) ? AzureUnderTest.Key : AzureUnderTest.Connection(Proxy.Port)) };

        await fetching.FetchAsync(Settings(), cancellationToken);

        fetching.Said[0].Should().Contain($"{name} in ").And.Contain("They are not written as Azure writes them").And.NotContain("not*base64");
    }

    [Test]
    public async Task A_connection_string_of_another_account_is_told(CancellationToken cancellationToken)
    {
        Folder.WithSecret("AZURE_STORAGE_CONNECTION_STRING", AzureUnderTest.Connection(Proxy.Port).Replace($"AccountName={AzureUnderTest.Account}", "AccountName=another", StringComparison.Ordinal));
        var fetching = new Fetching { OnTrouble = _ => Folder.WithSecret("AZURE_STORAGE_CONNECTION_STRING", AzureUnderTest.Connection(Proxy.Port)) };

        await fetching.FetchAsync(Settings(), cancellationToken);

        fetching.Said[0].Should().Contain($"They are for the account 'another', and the URI names '{AzureUnderTest.Account}'.");
    }

    [Test]
    public async Task A_managed_identity_of_the_default_chain_is_used_over_tls(CancellationToken cancellationToken)
    {
        using var authority = new TestAuthority();
        await using var tls = await FaultProxy.StartAsync(Store.Port, authority.Server());
        tls.Fault = request => request.Headers.Authorization == "Bearer the-identity" ? null : new Fault { Status = 401 };
        var sas = Sas();

        // Azurite takes identities by a TLS listener of its own alone; behind the check of the token it is asked by SAS.
        tls.Target = request => request.Path + (request.QueryString.HasValue ? $"{request.QueryString}&{sas}" : $"?{sas}");
        tls.Strip = "Authorization";
        await using var identity = await WebServer.StartAsync(context => context.Response.WriteAsync(
            context.Request.Headers["X-IDENTITY-HEADER"] == "proof" && context.Request.Query["resource"].ToString().StartsWith("https://storage.azure.com", StringComparison.Ordinal)
                ? $$"""{"access_token":"the-identity","expires_on":"{{DateTimeOffset.MaxValue.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}}","resource":"r","token_type":"Bearer"}""" : "{}"));
        Folder.WithSecret("ca.crt", authority.Pem).WithSecret("AZURE_STORAGE_SERVICE_ENDPOINT", $"https://127.0.0.1:{tls.Port}/{AzureUnderTest.Account}");
        await Store.PutAsync("served/1/model.onnx", TestModels.Double(), cancellationToken);
        await using var server = ServerProcess.Start(
            new Dictionary<string, string>
            {
                ["IDENTITY_ENDPOINT"] = $"http://127.0.0.1:{identity.Port}/token",
                ["IDENTITY_HEADER"] = "proof",
                ["SLIPWAY_TERMINATION_LOG"] = Folder.Other("termination-log"),
            },
            ["serve", "--model", "m", "--uri", $"az://{AzureUnderTest.Account}/models/served", "--version", "1", "--cache", Folder.Cache, "--http-port", "0", "--management-port", "0", "--credentials", Folder.Credentials]);

        await server.LineAsync("is ready after", cancellationToken);

        server.Errors.Should().NotContain("the-identity");
    }

    private string Sas() => new Uri(Store.Client.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToString()).Query.TrimStart('?');

    private ServerSettings Settings() => TestServer.Settings(Folder) with { Uri = new Uri($"az://{AzureUnderTest.Account}/models/closed") };
}
