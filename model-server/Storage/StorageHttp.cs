namespace Slipway.ModelServer.Storage;

/// <summary>The connections of every store: their bounds, and whom they trust. Proxies are those of <c>HTTPS_PROXY</c> and <c>NO_PROXY</c>.</summary>
internal static class StorageHttp
{
    /// <summary>Until a connection stands.</summary>
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <summary>Until the head of an answer is there.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    /// <summary>A body that is no model file, such as a listing or an error.</summary>
    public const int MostBodyBytes = 16 << 20;

    /// <param name="roots">PEM certificates trusted besides the system's; null for none.</param>
    public static HttpClient Client(Func<string?> roots) => new(Handler(roots)) { Timeout = AnswerLimit, MaxResponseContentBufferSize = MostBodyBytes };

    // Redirects are not followed here: what is sent along depends on whither.
    public static SocketsHttpHandler Handler(Func<string?> roots)
    {
        var trusted = new TrustedRoots(roots);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectLimit,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trusted.Accepts(certificate, chain, errors) },
        };
    }
}
