using Microsoft.AspNetCore.Http;

namespace Slipway.ModelServer.Tests.Storage.Stores;

/// <summary>Answers with a file, or with the one range of it that was asked for.</summary>
internal static class ByteRanges
{
    public static async Task WriteAsync(HttpContext context, byte[] content)
    {
        var response = context.Response;
        if (context.Request.GetTypedHeaders().Range?.Ranges.Single() is { From: { } from } range)
        {
            var to = Math.Min(range.To ?? long.MaxValue, content.Length - 1);
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{to}/{content.Length}";
            content = content[(int)from..(int)(to + 1)];
        }

        response.ContentLength = content.Length;
        if (context.Request.Method != "HEAD")
        {
            await response.Body.WriteAsync(content);
        }
    }
}
