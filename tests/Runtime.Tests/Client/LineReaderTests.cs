using System.IO.Pipelines;
using System.Text;

namespace Slipway.Runtime.Tests;

internal sealed class LineReaderTests
{
    [Test]
    public async Task Documents_are_read_line_by_line_and_empty_lines_are_skipped()
    {
        var reader = Over("{\"a\":1}\n\n{\"a\":2}\r\n");

        (await LineReader.ReadAsync(reader, default))!.Value.GetProperty("a").GetInt32().Should().Be(1);
        (await LineReader.ReadAsync(reader, default))!.Value.GetProperty("a").GetInt32().Should().Be(2);
        (await LineReader.ReadAsync(reader, default)).Should().BeNull();
    }

    [Test]
    public async Task Half_a_document_at_the_end_is_an_error() =>
        await FluentActions.Awaiting(async () => await LineReader.ReadAsync(Over("{\"a\":"), default)).Should().ThrowAsync<EndOfStreamException>();

    [Test]
    public async Task A_line_without_end_is_an_error_before_it_fills_the_memory() =>
        await FluentActions.Awaiting(async () => await LineReader.ReadAsync(Over(new string(' ', 17 * 1024 * 1024)), default))
            .Should().ThrowAsync<InvalidDataException>();

    private static PipeReader Over(string text) => PipeReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
