namespace Slipway.ModelServer.Tests.Storage.Stores;

/// <summary>A real store (or a faithful stand-in) that tests put files into and that the server reads, directly or through a proxy.</summary>
internal abstract class StoreUnderTest : IAsyncDisposable
{
    /// <summary>Port of 127.0.0.1 that speaks plain HTTP.</summary>
    public abstract int Port { get; }

    /// <summary>Whether the server speaks to it by TLS alone, so that the proxy has to.</summary>
    public virtual bool NeedsTls => false;

    /// <summary>What the store sends when a container is not there; null when it has none.</summary>
    public abstract string? NoContainer { get; }

    public abstract Task PutAsync(string key, byte[] content, CancellationToken cancellationToken);

    public abstract Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>The address of a prefix, as a user writes it.</summary>
    public abstract Uri Uri(string prefix, int port, string? container = null);

    /// <summary>Keys of the Secret that lead the server to <paramref name="port"/>.</summary>
    public abstract IReadOnlyDictionary<string, string> Secret(int port);

    /// <summary>Whether a request that came by reads a file, rather than lists.</summary>
    public abstract bool IsRead(string method, string path, string query);

    public abstract ValueTask DisposeAsync();

    /// <summary>The store by its scheme.</summary>
    public static async Task<StoreUnderTest> StartAsync(string scheme, CancellationToken cancellationToken) => scheme switch
    {
        "s3" => new S3UnderTest(await Hosting.MotoServer.StartAsync(cancellationToken)),
        "gs" => await GcsUnderTest.StartAsync(),
        "az" => await AzureUnderTest.StartAsync(cancellationToken),
        "https" => await HttpsUnderTest.StartAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "is no store"),
    };
}
