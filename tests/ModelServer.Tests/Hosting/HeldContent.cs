using System.Net;
using System.Text;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>A JSON body whose last part is held back until <see cref="Release"/>: the server has accepted the request and cannot answer it.</summary>
/// <param name="announced">Whether its length is sent first; else it comes in chunks.</param>
internal sealed class HeldContent(string json, bool announced = true) : HttpContent
{
    /// <summary>White space that is sent at once: far more than the least rate at which a server wants its bytes.</summary>
    public const int SentAtOnce = 64 << 10;

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _release.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', SentAtOnce)), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        await _release.Task.WaitAsync(cancellationToken);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(json), cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = SentAtOnce + json.Length;
        return announced;
    }
}
