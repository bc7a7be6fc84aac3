using System.Text;
using Slipway.Benchmarks.Server.Loads;

namespace Slipway.Benchmarks.Tests.Server.Loads;

internal sealed class HttpAnswerTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\nDate: today\r\n\r\nhello";

    [Test]
    public void An_answer_in_one_piece_is_whole()
    {
        var answer = new HttpAnswer();
        answer.Take(Bytes(Ok)).Should().BeTrue();
        answer.Status.Should().Be(200);
        answer.Closes.Should().BeFalse();
    }

    [Test]
    public void An_answer_cut_anywhere_is_whole_with_its_last_piece([Range(1, 87)] int at)
    {
        var bytes = Bytes(Ok);
        var answer = new HttpAnswer();
        answer.Take(bytes.AsSpan(0, at)).Should().BeFalse();
        answer.Take(bytes.AsSpan(at)).Should().BeTrue();
        answer.Status.Should().Be(200);
    }

    [Test]
    public void A_second_answer_follows_after_a_reset()
    {
        var answer = new HttpAnswer();
        answer.Take(Bytes(Ok)).Should().BeTrue();
        answer.Reset();
        answer.Take(Bytes("HTTP/1.1 429 Too Many Requests\r\ncontent-length:  0\r\nConnection: close\r\n\r\n")).Should().BeTrue();
        answer.Status.Should().Be(429);
        answer.Closes.Should().BeTrue();
    }

    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [TestCase("what is this\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab")]
    public void What_is_not_understood_is_said(string text) =>
        FluentActions.Invoking(() => new HttpAnswer().Take(Bytes(text))).Should().Throw<InvalidDataException>();

    [Test]
    public void Headers_without_an_end_are_refused() =>
        FluentActions.Invoking(() => new HttpAnswer().Take(new byte[9000])).Should().Throw<InvalidDataException>();

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
