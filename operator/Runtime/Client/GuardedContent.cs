using System.Net;

namespace Slipway.Runtime;

/// <summary>
/// The body of a write. It asks the guard when it is put on the wire: between the call and that moment lies the wait for a connection, which
/// may outlast the right to write. An API server does nothing with a request whose body is missing.
/// </summary>
internal sealed class GuardedContent(byte[] body, IWriteGuard guard, string request) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        guard.Check(request);
        await stream.WriteAsync(body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
