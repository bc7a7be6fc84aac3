using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Observe;

internal sealed class ServerStatusReaderTests
{
    [Test]
    public async Task What_a_server_says_of_itself_is_read_from_its_management_port()
    {
        Uri? asked = null;
        var status = await ReadAsync(request =>
        {
            asked = request.RequestUri;
            return Json("""{"version":"7","state":"Ready","inputs":[{"name":"x","datatype":"FP32","shape":[-1,8]}]}""");
        });

        asked.Should().Be(new Uri("http://10.0.0.9:8082/status"));
        status!.Inputs.Single().Shape.Should().Equal(-1, 8);
    }

    [TestCase("""{"version":"7","inputs":null}""")]
    [TestCase("""{"version":"7","outputs":[null]}""")]
    [TestCase("""{"version":"7","inputs":[{"datatype":"FP32","shape":[1]}]}""")]
    [TestCase("""{"version":null}""")]
    [TestCase("null")]
    [TestCase("it is no JSON")]
    public async Task An_answer_of_another_form_is_none(string body) => (await ReadAsync(_ => Json(body))).Should().BeNull();

    [Test]
    public async Task JSON_is_UTF_8_whatever_an_answer_says_of_it() =>
        (await ReadAsync(_ =>
        {
            var answer = Json("""{"version":"é"}""");
            answer.Content.Headers.ContentType!.CharSet = "klingon";
            return answer;
        }))!.Version.Should().Be("é");

    [Test]
    public async Task An_answer_that_failed_is_none() =>
        (await ReadAsync(_ =>
        {
            var answer = Json("{}");
            answer.StatusCode = HttpStatusCode.InternalServerError;
            return answer;
        })).Should().BeNull();

    [TestCase(0, true)]
    [TestCase(1, false)]
    public async Task An_answer_of_more_values_than_a_server_gives_is_none(int beyond, bool isRead)
    {
        // The object, the field and its list are three of them.
        var numbers = string.Join(',', Enumerable.Repeat('1', ManagementReader.MostValues - 3 + beyond));

        (await ReadAsync(_ => Json($$"""{"unknown":[{{numbers}}]}""")) is not null).Should().Be(isRead);
    }

    [Test]
    public async Task A_server_that_is_not_there_has_none() =>
        (await ReadAsync(_ => throw new HttpRequestException("refused"))).Should().BeNull();

    [Test]
    public async Task A_stop_is_no_missing_answer()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await FluentActions.Awaiting(() => ReadAsync(_ => Json("{}"), stopped.Token)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public void A_pod_cannot_send_the_operator_elsewhere_and_no_proxy_stands_between()
    {
        using var handler = ServerStatusReader.Handler();

        handler.AllowAutoRedirect.Should().BeFalse();
        handler.UseProxy.Should().BeFalse();
    }

    private static async Task<ServerStatus?> ReadAsync(Func<HttpRequestMessage, HttpResponseMessage> answer, CancellationToken cancellationToken = default)
    {
        using var client = new HttpClient(new Pod(answer));
        return await new ServerStatusReader(client, NullLogger<ServerStatusReader>.Instance).ReadAsync("10.0.0.9", cancellationToken);
    }

    private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private sealed class Pod(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(answer(request));
        }
    }
}
