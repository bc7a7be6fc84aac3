using System.Net.Http.Headers;

namespace Slipway.ModelServer.Storage;

/// <summary>
/// What requests to an https address carry: the Secret's <c>headers</c>, a line <c>Name: value</c> each, and its <c>bearer-token</c>. They go to the
/// address' own host alone (or to that of <c>https-host</c>), never to one that it redirects to.
/// </summary>
internal sealed class HttpsCredentials(Uri uri, StoreSettings settings)
{
    private const string HeadersKey = "headers";
    private const string TokenKey = "bearer-token";

    private readonly CredentialFiles _files = settings.Files;

    /// <summary>A sentence that says where the credentials in use came from.</summary>
    public string Origin => (_files.Value(TokenKey), _files.Value(HeadersKey)) switch
    {
        (null, null) => $"There is neither {TokenKey} nor {HeadersKey} in {_files.Directory}, so it was asked without credentials.",
        (not null, null) => $"The credentials came from {TokenKey} in {_files.Directory}.",
        (null, not null) => $"The credentials came from {HeadersKey} in {_files.Directory}.",
        _ => $"The credentials came from {TokenKey} and {HeadersKey} in {_files.Directory}.",
    };

    public void AddTo(HttpRequestMessage request)
    {
        if (!IsOurs(request.RequestUri!))
        {
            return;
        }

        foreach (var (line, number) in (_files.Value(HeadersKey) ?? "").Split('\n').Select((line, index) => (line.Trim(), index + 1)))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Length > 0 && (colon <= 0 || !request.Headers.TryAddWithoutValidation(line[..colon].Trim(), line[(colon + 1)..].Trim())))
            {
                throw new StoreException(StoreTrouble.Denied, $"Line {number} of {HeadersKey} in {_files.Directory} is not 'Name: value'.");
            }
        }

        if (_files.Value(TokenKey) is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    private bool IsOurs(Uri target) => _files.Value("https-host") is { } host
        ? target.Host.Equals(host, StringComparison.OrdinalIgnoreCase)
        : target.Authority.Equals(uri.Authority, StringComparison.OrdinalIgnoreCase);
}
