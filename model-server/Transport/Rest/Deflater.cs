using System.IO.Compression;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Compresses answers, quickly rather than well: the time is the server's.</summary>
internal static class Deflater
{
    /// <summary>Below this an answer fits into one packet as it is, so that compressing it would save nothing.</summary>
    public const int LeastBytes = 1400;

    // Brotli's scale goes to 11; 1 is as fast as gzip.
    private const int BrotliQuality = 1;
    private const int BrotliWindow = 18;

    /// <summary>Appends <paramref name="plain"/> to <paramref name="target"/>, compressed.</summary>
    public static void Write(ReadOnlySpan<byte> plain, ContentCoding coding, PooledWriter target)
    {
        if (coding == ContentCoding.Brotli)
        {
            var room = target.Room(BrotliEncoder.GetMaxCompressedLength(plain.Length));
            if (!BrotliEncoder.TryCompress(plain, room, out var written, BrotliQuality, BrotliWindow))
            {
                throw new InvalidOperationException($"{plain.Length} bytes did not fit into the room that brotli asks for.");
            }

            target.Advance(written);
            return;
        }

        using var stream = Open(new WriterStream(target), coding);
        stream.Write(plain);
    }

    private static Stream Open(Stream target, ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => new GZipStream(target, CompressionLevel.Fastest),
        ContentCoding.Deflate => new ZLibStream(target, CompressionLevel.Fastest),
        _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "cannot be made"),
    };

    /// <summary>A <see cref="PooledWriter"/> where a stream is wanted.</summary>
    private sealed class WriterStream(PooledWriter target) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => target.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => target.Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
