using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Slipway.Benchmarks.Server.Loads;

namespace Slipway.Benchmarks.Tests.Server.Loads;

[SupportedOSPlatform("linux")]
internal sealed class OpenLoopRunTests
{
    private static readonly byte[] Asked = "GET / HTTP/1.1\r\n\r\n"u8.ToArray();

    [Test]
    public async Task Every_request_that_was_due_is_answered_and_measured()
    {
        await using var server = new TestServer(status: 200, answersBeforeClosing: int.MaxValue);
        var answer = Run(server, connections: 4, rate: 500);
        answer.Due.Should().BeInRange(60, 140);
        answer.Ok.Should().Be(answer.Due);
        answer.Lost.Should().Be(0);
        answer.P99.Should().BeGreaterThanOrEqualTo(answer.Median);
    }

    [Test]
    public async Task A_request_that_waits_for_a_connection_is_charged_for_its_wait()
    {
        await using var server = new TestServer(status: 200, answersBeforeClosing: int.MaxValue, takes: TimeSpan.FromMilliseconds(20));
        var answer = Run(server, connections: 1, rate: 500);
        answer.Ok.Should().Be(answer.Due);

        // A hundred requests one after the other take two seconds, of which the last has waited nearly all.
        answer.P99.Should().BeGreaterThan(answer.Due * 0.02 * 0.5);
    }

    [Test]
    public async Task Refusals_are_counted_as_such()
    {
        await using var server = new TestServer(status: 429, answersBeforeClosing: int.MaxValue);
        var answer = Run(server, connections: 4, rate: 500);
        answer.Refused.Should().Be(answer.Due);
    }

    [Test]
    public async Task A_connection_that_the_server_ends_between_requests_is_replaced()
    {
        await using var server = new TestServer(status: 200, answersBeforeClosing: 3);
        var answer = Run(server, connections: 2, rate: 200);
        (answer.Ok + answer.Lost).Should().Be(answer.Due);
        answer.Ok.Should().BeGreaterThan(6);
    }

    private static OpenLoopAnswer Run(TestServer server, int connections, double rate)
    {
        using var run = new OpenLoopRun(new OpenLoopAsk(server.Port, [], connections, rate, Seconds: 0.2, DeadlineSeconds: 10, Seed: 1), Asked);
        return run.Run();
    }

    /// <summary>Answers each request on a connection with the same status.</summary>
    private sealed class TestServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _accepting;

        public TestServer(int status, int answersBeforeClosing, TimeSpan takes = default)
        {
            _listener.Start();
            _accepting = AcceptAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Said\r\nContent-Length: 2\r\n\r\nok"), answersBeforeClosing, takes);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _accepting;
            _listener.Dispose();
            _stop.Dispose();
        }

        private async Task AcceptAsync(byte[] answer, int answersBeforeClosing, TimeSpan takes)
        {
            var connections = new List<Task>();
            try
            {
                while (true)
                {
                    connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token), answer, answersBeforeClosing, takes));
                }
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(connections);
            }
        }

        private async Task AnswerAsync(TcpClient client, byte[] answer, int answersBeforeClosing, TimeSpan takes)
        {
            using (client)
            {
                var request = new byte[Asked.Length];
                try
                {
                    for (var i = 0; i < answersBeforeClosing; i++)
                    {
                        await client.GetStream().ReadExactlyAsync(request, _stop.Token);
                        await Task.Delay(takes, _stop.Token);
                        await client.GetStream().WriteAsync(answer, _stop.Token);
                    }
                }
                catch (Exception exception) when (exception is IOException or OperationCanceledException)
                {
                    // The client has gone, or the test is over.
                }
            }
        }
    }
}
