using Microsoft.AspNetCore.Server.Kestrel.Core;
using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>The limits that hold before a request is ours: Kestrel answers 400, 408 or 431 by itself.</summary>
internal static class KestrelLimits
{
    public static void Apply(KestrelServerLimits kestrel, RequestLimits limits)
    {
        // RequestBody holds bodies to the limit. Kestrel's own limit closes the connection while the client still sends, who then
        // reads of a broken pipe instead of our answer.
        kestrel.MaxRequestBodySize = null;
        kestrel.MaxRequestHeadersTotalSize = limits.HeaderBytes;
        kestrel.MaxRequestHeaderCount = limits.Headers;
        kestrel.RequestHeadersTimeout = limits.HeadersTimeout;
        kestrel.MinRequestBodyDataRate = limits.LeastBodyBytesPerSecond == 0
            ? null
            : new MinDataRate(limits.LeastBodyBytesPerSecond, limits.BodyGrace);
    }
}
