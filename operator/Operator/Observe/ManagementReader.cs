using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Api;

namespace Slipway.Operator.Observe;

/// <summary>
/// Asks servers on their management port. Bounded in time and size by its client. The image may be anybody's, so that a server that does not
/// answer, or answers something else, is no error.
/// </summary>
internal abstract class ManagementReader(HttpClient client, ILogger logger)
{
    /// <summary>What the contract says is never null is never null.</summary>
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>A pod answers for itself: no proxy stands between, and it cannot send the operator elsewhere.</summary>
    public static SocketsHttpHandler Handler() => new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };

    /// <summary>Null when the server did not give a readable answer in time.</summary>
    /// <param name="isWhole">What the types leave open.</param>
    protected async Task<T?> GetAsync<T>(string podIP, string pathAndQuery, Func<T, bool> isWhole, CancellationToken cancellationToken)
        where T : class
    {
        var host = podIP.Contains(':', StringComparison.Ordinal) ? $"[{podIP}]" : podIP;
        try
        {
            var answer = await client.GetFromJsonAsync<T>(new Uri($"http://{host}:{ServerContract.ManagementPort}{pathAndQuery}"), Strict, cancellationToken);
            return answer is not null && isWhole(answer) ? answer : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.AnswerUnreadable(logger, podIP, pathAndQuery, exception.Message);
            return null;
        }
    }
}
