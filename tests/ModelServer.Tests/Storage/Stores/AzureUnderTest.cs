using Azure.Storage.Blobs;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Storage.Stores;

/// <summary>Azurite, which checks keys and SAS tokens as Azure does, with one container.</summary>
internal sealed class AzureUnderTest : StoreUnderTest
{
    public const string Account = "modelsaccount";
    public const string Container = "models";

    /// <summary>The account's key, base64 as all of them are.</summary>
    public static readonly string Key = Convert.ToBase64String("a key that only this account has!"u8);

    private readonly ToolProcess _process;

    private AzureUnderTest(ToolProcess process) => _process = process;

    public override int Port => _process.Port;

    public override string? NoContainer => "There is no container 'nothing' at http://127.0.0.1:*";

    public BlobContainerClient Client => new(Connection(Port), Container);

    public static async Task<AzureUnderTest> StartAsync(CancellationToken cancellationToken)
    {
        var store = new AzureUnderTest(await ToolProcess.StartAsync("azurite-blob", Arguments, Environment, cancellationToken));
        await store.Client.CreateAsync(cancellationToken: cancellationToken);
        return store;
    }

    /// <summary>Accounts and keys for another Azurite.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = $"{Account}:{Key}" };

    public static IEnumerable<string> Arguments(int port) =>
        ["--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"];

    public static string Connection(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";

    public override Task PutAsync(string key, byte[] content, CancellationToken cancellationToken) =>
        Client.GetBlobClient(key).UploadAsync(new BinaryData(content), overwrite: true, cancellationToken);

    public override Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        Client.GetBlobClient(key).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public override Uri Uri(string prefix, int port, string? container = null) => new($"az://{Account}/{container ?? Container}/{prefix}");

    public override IReadOnlyDictionary<string, string> Secret(int port) => new Dictionary<string, string> { ["AZURE_STORAGE_CONNECTION_STRING"] = Connection(port) };

    public override bool IsRead(string method, string path, string query) => !query.Contains("comp=list", StringComparison.Ordinal);

    public override ValueTask DisposeAsync() => _process.DisposeAsync();
}
