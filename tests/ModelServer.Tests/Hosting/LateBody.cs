using Microsoft.Extensions.Time.Testing;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>A request that is begun, and whose body does not come whole before its deadline.</summary>
internal static class LateBody
{
    /// <summary>The first line of the answer.</summary>
    /// <param name="clock">The server's.</param>
    /// <param name="begun">What is sent: headers and some of the body.</param>
    public static async Task<string?> SendAsync(TestServer server, FakeTimeProvider clock, string begun, CancellationToken cancellationToken)
    {
        using var client = await RawClient.ConnectAsync(server.Host.HttpPort, cancellationToken);
        await client.SendAsync(begun, cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held > 0, cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(30));
        return await client.ReadLineAsync(cancellationToken);
    }
}
