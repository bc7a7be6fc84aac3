using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Errors;

namespace Slipway.EndToEnd.Tests.Faults.Support;

/// <summary>What becomes of one request; <paramref name="answer"/> has it carried out and answered.</summary>
internal delegate Task Fault(OperatorCall call, HttpContext context, Func<Task> answer);

/// <summary>Ways in which a request can go wrong.</summary>
internal static class Trouble
{
    public static Task None(OperatorCall call, HttpContext context, Func<Task> answer) => answer();

    /// <summary>An answer in which the server says no, and may ask for patience.</summary>
    public static StatusException Refusal(int code, string reason, int? retryAfterSeconds = null) => new(
        code, reason, $"the test answers {code}", retryAfterSeconds is { } seconds ? new JsonObject { ["retryAfterSeconds"] = seconds } : null);

    /// <summary>The connection stands, and nothing comes over it.</summary>
    public static async Task HangAsync(HttpContext context)
    {
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    /// <summary>A watch that begins, and at once says that it cannot go on from where the client is.</summary>
    public static async Task ExpireInStreamAsync(HttpContext context)
    {
        var line = new JsonObject { ["type"] = "ERROR", ["object"] = Refusal(410, "Expired").ToStatus() };
        await context.Response.WriteAsync(line.ToJsonString() + "\n", context.RequestAborted);
    }

    /// <summary>Carries the request out, and breaks the whole connection, with all that shares it, in the middle of the answer.</summary>
    public static async Task LoseAnswerAsync(HttpContext context, Func<Task> answer)
    {
        var wire = context.Response.Body;
        using var whole = new MemoryStream();
        context.Response.Body = whole;
        try
        {
            await answer();
        }
        finally
        {
            context.Response.Body = wire;
        }

        await wire.WriteAsync(whole.GetBuffer().AsMemory(0, (int)whole.Length / 2), context.RequestAborted);
        await wire.FlushAsync(context.RequestAborted);
        context.Features.Get<IConnectionLifetimeFeature>()!.Abort();
        context.Abort();
    }
}
