using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Slipway.ModelServer.Storage;

/// <summary>
/// Access tokens for Google Cloud Storage: by the Secret's key file, by the file that <c>GOOGLE_APPLICATION_CREDENTIALS</c> names (a key, or
/// workload identity federation), or of the metadata server, as workload identity has it; without any, none, which public buckets allow.
/// </summary>
/// <param name="isEmulated">An emulator is asked, so that only credentials that are set are used, and no metadata server.</param>
internal sealed class GcsCredentials(StoreSettings settings, bool isEmulated, TimeProvider clock)
{
    private const string SecretKey = "gcloud-application-credentials.json";
    private const string PathVariable = "GOOGLE_APPLICATION_CREDENTIALS";
    private const string Scope = "https://www.googleapis.com/auth/devstorage.read_only";

    private static readonly string[] Types = ["service_account", "external_account", "authorized_user", "impersonated_service_account"];

    private readonly GcsMetadataServer _metadata = new(clock);
    private readonly Connections _connections = new(settings.Roots);
    private volatile Held? _held;

    /// <summary>A sentence that says where the credentials in use came from.</summary>
    public string Origin { get; private set; } = "No credentials were looked for yet.";

    /// <returns>Null when requests are to be sent without a token.</returns>
    public async Task<string?> TokenAsync(CancellationToken cancellationToken)
    {
        if (File() is var (json, origin))
        {
            Origin = origin;
            var held = _held;
            if (held?.Json != json)
            {
                _held = held = new Held(json, FromJson(json, origin));
            }

            return await TokenAsync(held.Credential, cancellationToken);
        }

        if (!isEmulated && await _metadata.IsThereAsync(cancellationToken))
        {
            Origin = "The credentials are the workload identity's, by the metadata server.";
            _held = _held is { Json: "" } ? _held : new Held("", GoogleCredential.FromComputeCredential());
            return await TokenAsync(_held.Credential, cancellationToken);
        }

        Origin = $"No credentials were found, neither {SecretKey} in {settings.Files.Directory} nor {PathVariable} nor a metadata server, so it was asked without any.";
        return null;
    }

    /// <summary>A refusal to give a token.</summary>
    public static Refusal? Read(Exception exception) => exception is TokenResponseException refused
        ? new Refusal((int?)refused.StatusCode is { } status and >= 500 ? status : 401, refused.Error?.Error ?? "", refused.Error?.ErrorDescription ?? "", null) : null;

    private (string Json, string Origin)? File()
    {
        if (settings.Files.Value(SecretKey) is { } key)
        {
            return (key, $"The credentials came from {SecretKey} in {settings.Files.Directory}.");
        }

        if (settings.Get(PathVariable) is not { } path)
        {
            return null;
        }

        return CredentialFiles.Elsewhere(path) is { } named
            ? (named, $"The credentials came from {path}, which {PathVariable} names.")
            : throw new StoreException(StoreTrouble.Denied, $"{PathVariable} names {path}, and there is no such file or nothing in it.");
    }

    private static Task<string> TokenAsync(GoogleCredential credential, CancellationToken cancellationToken) =>
        credential.UnderlyingCredential.GetAccessTokenForRequestAsync(null, cancellationToken);

    private GoogleCredential FromJson(string json, string origin)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            var type = parsed.RootElement.GetProperty("type").GetString() ?? "";
            return Types.Contains(type)
                ? CredentialFactory.FromJson(json, type).CreateWithHttpClientFactory(_connections).CreateScoped(Scope)
                : throw new InvalidOperationException("its type is not known");
        }
        catch (Exception exception) when (exception is not StoreException)
        {
            // What could not be read may be quoted in the exception's message, and may be a key.
            throw new StoreException(
                StoreTrouble.Denied,
                $"{origin} They are no credentials of Google: a JSON file whose type is one of {string.Join(", ", Types)} is wanted.",
                exception);
        }
    }

    private sealed record Held(string Json, GoogleCredential Credential);

    private sealed class Connections(Func<string?> roots) : Google.Apis.Http.HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(Google.Apis.Http.CreateHttpClientArgs args) => StorageHttp.Handler(roots);
    }
}
