using System.Net.Sockets;
using System.Security.Authentication;

namespace Slipway.ModelServer.Storage;

/// <summary>Asks a store, and turns whatever goes wrong into the one sentence that says what it was and what to do. Every store asks through here.</summary>
/// <param name="address">The model's folder.</param>
/// <param name="container">What holds the files, and where: <c>bucket 'x' at https://…</c>.</param>
/// <param name="origin">A sentence on where the credentials in use came from.</param>
/// <param name="read">The refusal inside an SDK's exception; null when the store did not answer at all.</param>
internal sealed class StorageCalls(string address, Func<string> container, Func<string> origin, Func<Exception, Refusal?> read)
{
    private const int LongestQuote = 300;

    /// <summary>Lists; not found means that the container is not there, since an empty folder lists nothing.</summary>
    public Task<T> ListAsync<T>(string folder, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        AskAsync($"list {Join(folder)}", _ => NoContainer(), call, cancellationToken);

    /// <summary>Reads a file that was listed; not found means that it went away since.</summary>
    public Task<T> ReadAsync<T>(string path, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        AskAsync($"read {Join(path)}", refusal => refusal.Code is "NoSuchBucket" or "ContainerNotFound" ? NoContainer() : Gone(path), call, cancellationToken);

    /// <summary>The file is another one than was listed.</summary>
    public StoreException Changed(string path, string how) => new(
        StoreTrouble.Changed,
        $"{Join(path)} changed while it was downloaded ({how}); versions must not change once written. Publish changed files as a new version.");

    private async Task<T> AskAsync<T>(
        string what, Func<Refusal, StoreException> notFound, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken);
        }
        catch (Exception exception) when (exception is not StoreException && !cancellationToken.IsCancellationRequested)
        {
            throw read(exception) is { } refusal ? Explain(what, refusal, notFound, exception) : Unreached(what, exception);
        }
    }

    private StoreException Explain(string what, Refusal refusal, Func<Refusal, StoreException> notFound, Exception exception)
    {
        var said = Said(refusal);
        return refusal switch
        {
            { Status: 401 or 403 } or { Code: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" } => new(
                StoreTrouble.Denied,
                $"Storage refused to {what}: {said}. {origin()} Check the credentials and that they may list and read {container()}.",
                exception),
            { Status: 404 } => notFound(refusal),
            { Status: 412 or 416 } => Changed(what["read ".Length..], $"HTTP {refusal.Status}"),
            { Status: 429 } or { Code: "SlowDown" or "ServerBusy" } or { Status: 503, RetryAfter: not null } => new(
                StoreTrouble.Throttled, $"Storage is asked too often to {what}: {said}. Raise the store's limits if this goes on.", exception)
            { RetryAfter = refusal.RetryAfter },
            _ => new(StoreTrouble.Transient, $"Storage failed to {what}: {said}.", exception) { RetryAfter = refusal.RetryAfter },
        };
    }

    private StoreException Unreached(string what, Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case StoreException told:
                    return told;
                case AuthenticationException:
                    return Transient($"A TLS connection could not be made to {what}: {OneLine(cause.Message)}. If its certificate comes from an authority of your own, put that one's certificate into the key {TrustedRoots.Key} of the credentials.");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return Transient($"Storage could not be found to {what}: DNS knows no such host. Correct the address of {container()}, or DNS.");
                case SocketException:
                    return Transient($"Storage could not be reached to {what}: {OneLine(cause.Message)}.");
                case TimeoutException:
                case OperationCanceledException when cause.InnerException is null:
                    return Transient($"Storage did not answer in time to {what}.");
                default:
                    continue;
            }
        }

        return Transient($"Storage could not be reached to {what}: {OneLine(exception.Message)}.");

        StoreException Transient(string sentence) => new(StoreTrouble.Transient, sentence, exception);
    }

    private StoreException NoContainer() => new(StoreTrouble.Missing, $"There is no {container()}. Create it, or correct the URI {address}.");

    private StoreException Gone(string path) => new(
        StoreTrouble.Missing, $"{Join(path)} was listed and is not there any more; versions must not change once written. Upload it again as a new version.");

    private string Join(string path) => path.StartsWith(address, StringComparison.Ordinal) ? path : path.Length == 0 ? address : $"{address}/{path}";

    private static string Said(Refusal refusal)
    {
        var message = OneLine(refusal.Message);
        var code = refusal.Code.Length > 0 ? $" {refusal.Code}" : "";
        return message.Length > 0 ? $"HTTP {refusal.Status}{code}, {message}" : $"HTTP {refusal.Status}{code}";
    }

    // Stores write long, many-lined messages, and servers in between whole pages.
    private static string OneLine(string message)
    {
        var line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return line.Length <= LongestQuote ? line : $"{line[..LongestQuote]}…";
    }
}
