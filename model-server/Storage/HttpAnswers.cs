using System.Text;

namespace Slipway.ModelServer.Storage;

/// <summary>Requests of the stores that are spoken to without an SDK.</summary>
internal static class HttpAnswers
{
    private const int MostErrorBytes = 64 << 10;

    /// <summary>Sends, and lets only success through; the body is still to be read.</summary>
    /// <param name="read">The store's own code and sentence out of an error's body.</param>
    /// <exception cref="RefusedException">The answer is no success.</exception>
    /// <exception cref="RedirectedException">The answer is elsewhere.</exception>
    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient http, HttpRequestMessage request, Func<string, (string Code, string Message)> read, TimeProvider clock, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            if ((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } location)
            {
                throw new RedirectedException(answer.StatusCode, location);
            }

            var (code, message) = read(await ErrorBodyAsync(answer, cancellationToken));
            var wait = answer.Headers.TryGetValues("Retry-After", out var values) ? Refusal.Wait(values.First(), clock.GetUtcNow()) : null;
            throw new RefusedException(new Refusal((int)answer.StatusCode, code, message.Length > 0 ? message : answer.ReasonPhrase ?? "", wait));
        }
    }

    public static Refusal? Read(Exception exception) => (exception as RefusedException)?.Refusal;

    private static async Task<string> ErrorBodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var room = new byte[MostErrorBytes];
            var used = await body.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(room, 0, used);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The status alone says what matters.
            return "";
        }
    }
}

/// <summary>The answer is at another address, which only the store can say whether to ask.</summary>
internal sealed class RedirectedException(System.Net.HttpStatusCode status, Uri location)
    : RefusedException(new Refusal((int)status, "", "the answer is elsewhere", null))
{
    public Uri Location { get; } = location;
}
