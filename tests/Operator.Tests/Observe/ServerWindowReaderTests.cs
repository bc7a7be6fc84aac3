using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Tests.Observe;

internal sealed class ServerWindowReaderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private const string Whole = """{"name":"amount","bins":["low","high"],"expected":[0.5,0.5],"counts":[1,2]}""";

    [Test]
    public async Task What_a_server_counted_until_now_is_asked_for_from_a_whole_minute_on_with_the_second_that_runs()
    {
        Uri? asked = null;
        var window = await ReadAsync(Versions(Whole), address => asked = address);

        asked.Should().Be(new Uri("http://10.0.0.9:8082/window?from=60&to=221"));
        window!.Versions.Single().Features.Single().Counts.Should().Equal(1, 2);
    }

    [TestCase("""{"name":"amount","bins":["low"],"expected":[0.5,0.5],"counts":[1,2]}""")]
    [TestCase("""{"name":"amount","bins":["low","high"],"expected":[1],"counts":[1,2]}""")]
    [TestCase("""{"name":"amount","bins":["low","high"],"expected":[0.5,0.5],"counts":[1,-2]}""")]
    [TestCase("""{"name":"amount","bins":["low","high"],"expected":[0.5,7],"counts":[1,2]}""")]
    [TestCase("""{"name":"amount","bins":["low",null],"expected":[0.5,0.5],"counts":[1,2]}""")]
    [TestCase("""{"name":"amount","bins":[],"expected":[],"counts":[]}""")]
    [TestCase("""{"name":null,"bins":["low","high"],"expected":[0.5,0.5],"counts":[1,2]}""")]
    [TestCase("null")]
    public async Task Figures_that_do_not_belong_together_are_none(string feature) => (await ReadAsync(Versions(feature))).Should().BeNull();

    [TestCase("""{"classes":["ok","fraud"],"counts":[[1,2],[3,4]]}""", true)]
    [TestCase("""{"values":3,"absoluteError":1.5}""", true)]
    [TestCase("""{"classes":["ok","fraud"],"counts":[[1,2]]}""", false)]
    [TestCase("""{"classes":["ok","fraud"],"counts":[[1,2],[3]]}""", false)]
    [TestCase("""{"classes":["ok","fraud"],"counts":[[1,2],null]}""", false)]
    [TestCase("""{"classes":["ok",null],"counts":[[1,2],[3,4]]}""", false)]
    [TestCase("""{"classes":["ok","fraud"],"counts":[[1,2],[3,-4]]}""", false)]
    [TestCase("""{"correct":9223372036854775807}""", false)]
    public async Task Feedback_has_a_count_for_each_class_that_was_predicted_and_each_that_was_right(string feedback, bool isRead) =>
        (await ReadAsync($$"""{"versions":[{"version":"7","feedback":{{feedback}}}]}""") is not null).Should().Be(isRead);

    [TestCase("\"absoluteError\":0", true)]
    [TestCase("\"reward\":null", true)]
    [TestCase("\"squaredError\":4e206", true)]
    [TestCase("\"absoluteError\":1e400", false)]
    [TestCase("\"squaredError\":1e301", false)]
    [TestCase("\"positiveError\":-1", false)]
    [TestCase("\"negativeError\":-1e400", false)]
    [TestCase("\"reward\":1e308", false)]
    public async Task Sums_of_feedback_are_such_that_those_of_several_servers_can_be_added(string sum, bool isRead) =>
        (await ReadAsync($$$"""{"versions":[{"version":"7","feedback":{"values":3,{{{sum}}}}}]}""") is not null).Should().Be(isRead);

    [Test]
    public async Task A_version_that_is_null_is_none() => (await ReadAsync("""{"versions":[null]}""")).Should().BeNull();

    [TestCase(0)]
    [TestCase(1.5)]
    [TestCase(30)]
    [TestCase(59.999)]
    [TestCase(0.2, 0.3, Description = "the server's clock is behind, in the minute before")]
    public async Task Whole_minutes_cover_a_window_at_whatever_second_they_are_asked_for(double second, double behind = 0)
    {
        var (clock, length) = (new FakeTimeProvider(Noon.AddSeconds(second)), TimeSpan.FromHours(24));
        using var client = new HttpClient(new Pod(asked => WholeMinutes(asked, clock.GetUtcNow().AddSeconds(-behind))));

        var answer = await new ServerWindowReader(client, clock, NullLogger<ServerWindowReader>.Instance).ReadAsync("10.0.0.9", length, CancellationToken.None);

        FleetWindow.Merge(length, [answer]).Coverage.Should().Be(1);
    }

    /// <summary>As a server tells of a window that reaches to now: the minutes that begin within it.</summary>
    private static string WholeMinutes(Uri asked, DateTimeOffset now)
    {
        var from = long.Parse(HttpUtility.ParseQueryString(asked.Query)["from"]!, CultureInfo.InvariantCulture);
        return JsonSerializer.Serialize(new ServerWindow { From = DateTimeOffset.FromUnixTimeSeconds((from + 59) / 60 * 60), To = now }, JsonSerializerOptions.Web);
    }

    private static string Versions(string feature) => $$"""{"versions":[{"version":"7","features":[{{feature}}]}]}""";

    private static async Task<ServerWindow?> ReadAsync(string body, Action<Uri>? asked = null)
    {
        using var client = new HttpClient(new Pod(address =>
        {
            asked?.Invoke(address);
            return body;
        }));
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(220_999));
        return await new ServerWindowReader(client, clock, NullLogger<ServerWindowReader>.Instance).ReadAsync("10.0.0.9", TimeSpan.FromMinutes(2), CancellationToken.None);
    }

    private sealed class Pod(Func<Uri, string> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer(request.RequestUri!), Encoding.UTF8, "application/json") });
    }
}
