using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class ServerPauseTests
{
    private readonly FakeTimeProvider _clock = new();

    [TestCase(HttpStatusCode.TooManyRequests)]
    [TestCase(HttpStatusCode.ServiceUnavailable)]
    [TestCase(HttpStatusCode.InternalServerError)]
    public void A_busy_server_is_not_asked_before_its_time(HttpStatusCode status)
    {
        var wait = Wait(status, new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)));

        _clock.Advance(TimeSpan.FromSeconds(7) - TimeSpan.FromTicks(1));
        wait.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        wait.IsCompleted.Should().BeTrue();
    }

    [Test]
    public void A_date_counts_by_the_wall_clock()
    {
        var wait = Wait(HttpStatusCode.ServiceUnavailable, new RetryConditionHeaderValue(_clock.GetUtcNow().AddSeconds(7)));

        _clock.Advance(TimeSpan.FromSeconds(6));
        wait.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        wait.IsCompleted.Should().BeTrue();
    }

    [Test]
    public void A_day_is_cut_to_a_minute()
    {
        var wait = Wait(HttpStatusCode.TooManyRequests, new RetryConditionHeaderValue(TimeSpan.FromDays(1)));

        _clock.Advance(TimeSpan.FromSeconds(59));
        wait.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        wait.IsCompleted.Should().BeTrue();
    }

    [Test]
    public void Of_two_pauses_the_later_end_counts()
    {
        var pause = new ServerPause(_clock);
        pause.Heed(Answer(HttpStatusCode.TooManyRequests, new RetryConditionHeaderValue(TimeSpan.FromSeconds(9))));
        pause.Heed(Answer(HttpStatusCode.TooManyRequests, new RetryConditionHeaderValue(TimeSpan.FromSeconds(1))));
        var wait = pause.WaitAsync(CancellationToken.None);

        _clock.Advance(TimeSpan.FromSeconds(8));

        wait.IsCompleted.Should().BeFalse();
    }

    [Test]
    public void A_pause_that_grows_holds_those_who_wait_already()
    {
        var pause = new ServerPause(_clock);
        pause.Heed(Answer(HttpStatusCode.TooManyRequests, new RetryConditionHeaderValue(TimeSpan.FromSeconds(1))));
        var wait = pause.WaitAsync(CancellationToken.None);
        pause.Heed(Answer(HttpStatusCode.TooManyRequests, new RetryConditionHeaderValue(TimeSpan.FromSeconds(3))));

        _clock.Advance(TimeSpan.FromSeconds(2));

        wait.IsCompleted.Should().BeFalse();
    }

    [TestCase(HttpStatusCode.OK)]
    [TestCase(HttpStatusCode.NotFound)]
    [TestCase(HttpStatusCode.Conflict)]
    public void An_answer_that_is_no_sign_of_a_busy_server_holds_up_nobody(HttpStatusCode status) =>
        Wait(status, new RetryConditionHeaderValue(TimeSpan.FromSeconds(7))).IsCompleted.Should().BeTrue();

    [Test]
    public void A_busy_server_that_names_no_time_holds_up_nobody() => Wait(HttpStatusCode.TooManyRequests, null).IsCompleted.Should().BeTrue();

    private Task Wait(HttpStatusCode status, RetryConditionHeaderValue? after)
    {
        var pause = new ServerPause(_clock);
        pause.Heed(Answer(status, after));
        return pause.WaitAsync(CancellationToken.None);
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, RetryConditionHeaderValue? after) => new(status) { Headers = { RetryAfter = after } };
}
