using System.Text.Json;
using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>
/// Asks servers on their management port. Each answer is bounded in time and size by the client, and in what it becomes in memory. The image may be
/// anybody's, so that a server that does not answer, or answers something else, is no error.
/// </summary>
/// <param name="turns">Whoever begins to answer waits here until it is read, so that a pod that says nothing keeps nobody waiting; null bounds nothing.</param>
internal abstract class ManagementReader(HttpClient client, ILogger logger, SemaphoreSlim? turns = null)
{
    /// <summary>
    /// Most values that an answer may hold, names of fields among them: one of three bytes may become an object of a hundred. The largest answers of
    /// servers hold half of it.
    /// </summary>
    public const int MostValues = 64 * 1024;

    private const int HeaderKilobytes = 8;

    /// <summary>What the contract says is never null is never null.</summary>
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>A pod answers for itself: no proxy stands between, and it cannot send the operator elsewhere.</summary>
    public static SocketsHttpHandler Handler() => new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, MaxResponseHeadersLength = HeaderKilobytes };

    /// <summary>Null when the server did not give a readable answer in time.</summary>
    /// <param name="isWhole">What the types leave open.</param>
    protected async Task<T?> GetAsync<T>(string podIP, string pathAndQuery, Func<T, bool> isWhole, CancellationToken cancellationToken)
        where T : class
    {
        var host = podIP.Contains(':', StringComparison.Ordinal) ? $"[{podIP}]" : podIP;
        try
        {
            using var response = await client.GetAsync(
                new Uri($"http://{host}:{ServerContract.ManagementPort}{pathAndQuery}"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            await (turns?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
            try
            {
                var answer = Read<T>(await ReadAsync(response.Content, cancellationToken));
                return answer is not null && isWhole(answer) ? answer : null;
            }
            finally
            {
                turns?.Release();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.AnswerUnreadable(logger, podIP, pathAndQuery, exception.Message);
            return null;
        }
    }

    private async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // The client's own bounds end with the headers.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(client.Timeout);
        await content.LoadIntoBufferAsync(client.MaxResponseContentBufferSize, limit.Token);
        return await content.ReadAsByteArrayAsync(limit.Token);
    }

    private static T? Read<T>(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        for (var values = 0; reader.Read();)
        {
            if (reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray) && ++values > MostValues)
            {
                throw new JsonException($"The answer holds more than {MostValues} values.");
            }
        }

        return JsonSerializer.Deserialize<T>(json, Strict);
    }
}
