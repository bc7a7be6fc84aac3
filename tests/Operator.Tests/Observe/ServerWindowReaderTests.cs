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
    [TestCaseSource(nameof(TooLarge))]
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

    [Test]
    public async Task The_largest_answer_of_a_server_is_read()
    {
        // JSON has six bytes for each of these characters.
        var (word, many) = (new string('é', 127), 1L << 45);
        string[] classes = [.. Enumerable.Range(0, FeedbackWindow.MostClasses).Select(number => $"{word[3..]}{number:000}"), FeedbackWindow.Other];
        var feedback = new FeedbackWindow { Classes = classes, Counts = [.. classes.Select(_ => Enumerable.Repeat(many, classes.Length).ToList())] };
        var feature = new FeatureWindow
        {
            Bins = [.. Enumerable.Range(0, FeatureWindow.MostBins - 2).Select(number => $"{word}{(char)('a' + number)}"), "other", "missing"],
            Expected = [.. Enumerable.Repeat(1.0 / 24, FeatureWindow.MostBins)],
            Counts = [.. Enumerable.Repeat(many, FeatureWindow.MostBins)],
            Seasonality = "168h",
        };
        var features = Enumerable.Range(0, VersionWindow.MostFeatures).Select(number => feature with { Name = $"output.{word[2..]}{number:000}" });
        var versions = Enumerable.Range(0, 8).Select(number => new VersionWindow
        {
            Version = $"{number}",
            Requests = Enumerable.Range(0, 8).ToDictionary(code => $"deadline_exceeded{code}", _ => many),
            Latency = [.. Enumerable.Repeat(many, LatencyBuckets.Count)],
            Features = [.. features.Where(_ => number == 0)],
            Feedback = feedback,
        });
        var answer = JsonSerializer.Serialize(new ServerWindow { Versions = [.. versions] }, JsonSerializerOptions.Web);

        answer.Length.Should().BeInRange(ServerWindowReader.MaxBytes * 3 / 4, ServerWindowReader.MaxBytes * 7 / 8, "there is a margin, and not one of several times as much");
        (await ReadAsync(answer))!.Versions[0].Features.Should().HaveCount(VersionWindow.MostFeatures);
    }

    [TestCase("\"versions\":[", "{}")]
    [TestCase("\"versions\":[{\"features\":[", "{}", "]}")]
    [TestCase("\"versions\":[{\"latency\":[", "0", "]}")]
    [TestCase("\"versions\":[{\"feedback\":{\"counts\":[", "[]", "]}}")]
    public async Task What_would_take_much_more_memory_than_bytes_is_refused_before_it_does(string before, string value, string after = "")
    {
        var values = Times(value, (ServerWindowReader.MaxBytes - 100) / (value.Length + 1));
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes($"{{{before}{values}{after}]}}"));
        using var client = new HttpClient(new Pods((_, _) => Task.FromResult<HttpContent>(content))) { MaxResponseContentBufferSize = ServerWindowReader.MaxBytes };
        var reader = new ServerWindowReader(client, TimeProvider.System, NullLogger<ServerWindowReader>.Instance);

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var reading = reader.ReadAsync("10.0.0.9", TimeSpan.FromMinutes(2), CancellationToken.None);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        reading.IsCompleted.Should().BeTrue("all of it was done on this thread");
        (await reading).Should().BeNull();
        allocated.Should().BeLessThan(3 * ServerWindowReader.MaxBytes);
    }

    [Test]
    public async Task So_many_answers_are_read_at_a_time_and_a_pod_that_says_nothing_keeps_no_other_waiting()
    {
        const string Silent = "10.0.0.1";
        var (begun, release) = (0, new TaskCompletionSource());
        using var stop = new CancellationTokenSource();
        using var client = new HttpClient(new Pods(async (address, token) =>
        {
            if (address.Host == Silent)
            {
                await Task.Delay(Timeout.Infinite, token);
            }

            return new SlowContent(async () =>
            {
                Interlocked.Increment(ref begun);
                await release.Task;
            });
        }));
        var reader = new ServerWindowReader(client, TimeProvider.System, NullLogger<ServerWindowReader>.Instance);
        var silent = Enumerable.Range(0, 2 * ServerWindowReader.AtATime).Select(_ => ReadAsync(Silent)).ToList();

        var answers = Enumerable.Range(0, ServerWindowReader.AtATime + 2).Select(_ => ReadAsync("10.0.0.9")).ToList();
        begun.Should().Be(ServerWindowReader.AtATime);
        release.SetResult();

        (await Task.WhenAll(answers)).Should().NotContainNulls();
        begun.Should().Be(ServerWindowReader.AtATime + 2);
        silent.Should().OnlyContain(read => !read.IsCompleted);
        await stop.CancelAsync();
        await FluentActions.Awaiting(() => Task.WhenAll(silent)).Should().ThrowAsync<OperationCanceledException>();

        Task<ServerWindow?> ReadAsync(string address) => reader.ReadAsync(address, TimeSpan.FromMinutes(2), stop.Token);
    }

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

        var sum = new FleetSum(length);
        sum.Add(answer!);
        sum.Total(asked: 1).Coverage.Should().Be(1);
    }

    /// <summary>As a server tells of a window that reaches to now: the minutes that begin within it.</summary>
    private static string WholeMinutes(Uri asked, DateTimeOffset now)
    {
        var from = long.Parse(HttpUtility.ParseQueryString(asked.Query)["from"]!, CultureInfo.InvariantCulture);
        return JsonSerializer.Serialize(new ServerWindow { From = DateTimeOffset.FromUnixTimeSeconds((from + 59) / 60 * 60), To = now }, JsonSerializerOptions.Web);
    }

    private static IEnumerable<string> TooLarge()
    {
        var (name, many) = (new string('x', 257), FeatureWindow.MostBins + 1);
        yield return Times(Whole, VersionWindow.MostFeatures + 1);
        yield return $$"""{"bins":["low","{{name}}"],"expected":[0.5,0.5],"counts":[1,2]}""";
        yield return $$"""{"name":"{{name}}","bins":["low","high"],"expected":[0.5,0.5],"counts":[1,2]}""";
        yield return $$"""{"seasonality":"{{name}}","bins":["low","high"],"expected":[0.5,0.5],"counts":[1,2]}""";
        yield return $$"""{"bins":[{{Times("\"x\"", many)}}],"expected":[{{Times("0", many)}}],"counts":[{{Times("0", many)}}]}""";
    }

    private static string Times(string value, int count) => string.Join(',', Enumerable.Repeat(value, count));

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

    private sealed class Pods(Func<Uri, CancellationToken, Task<HttpContent>> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new(HttpStatusCode.OK) { Content = await answer(request.RequestUri!, cancellationToken) };
    }

    private sealed class SlowContent(Func<Task> before) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await before();
            await stream.WriteAsync("{}"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
