using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Slipway.Runtime;

/// <summary>One JSON document a line, as a watch sends them. Lines are at most 16 MiB.</summary>
internal static class LineReader
{
    private const int MaxLineBytes = 16 * 1024 * 1024;

    /// <summary>The next document, or null at the end of the stream. Half a line at the end is an <see cref="EndOfStreamException"/>.</summary>
    public static async ValueTask<JsonElement?> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Parse(buffer.Slice(0, end));
                reader.AdvanceTo(buffer.GetPosition(1, end));
                if (line is not null)
                {
                    return line;
                }

                continue;
            }

            if (read.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new EndOfStreamException("The stream ended in the middle of an event.");
            }

            if (buffer.Length > MaxLineBytes)
            {
                throw new InvalidDataException($"An event of a watch is larger than {MaxLineBytes} bytes.");
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static JsonElement? Parse(ReadOnlySequence<byte> line)
    {
        if (line.Length <= 1)
        {
            return null;
        }

        using var document = JsonDocument.Parse(line, ObjectJson.Documents);
        return document.RootElement.Clone();
    }
}
