using Microsoft.Extensions.Time.Testing;
using Slipway.Api;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Feedback;

namespace Slipway.ModelServer.Tests.Feedback;

[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FeedbackBookTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 3, 0, TimeSpan.Zero);
    private static readonly TimeSpan Stretch = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly FeedbackBook _book;

    public FeedbackBookTests() => _book = new FeedbackBook("m", _clock);

    public void Dispose() => _book.Dispose();

    [Test]
    public void Pairs_of_classes_are_counted()
    {
        _book.Add("1", [Right("a"), Right("a"), Wrong("a", "b"), Wrong("b", "a")]);

        var window = All("1");

        window.Classes.Should().Equal("a", "b");
        window.Counts.Should().BeEquivalentTo((long[][])[[2, 1], [1, 0]], options => options.WithStrictOrdering());
        (window.Correct, window.Wrong, window.Values).Should().Be((2, 2, 0));
    }

    [Test]
    public void Errors_of_values_are_summed_up_by_their_sign()
    {
        _book.Add("1", [FeedbackItem.Value("", 3, 1.5), FeedbackItem.Value("", -2, 0), FeedbackItem.Value("", 7, 7), FeedbackItem.Value("", 1.25, 0.75)]);

        var window = All("1");

        (window.Values, window.AbsoluteError, window.SquaredError, window.PositiveError, window.NegativeError).Should().Be((4, 4, 6.5, 2, 2));
        window.Reward.Should().BeNull();
        window.Classes.Should().BeEmpty();
    }

    [Test]
    public void Rewards_are_summed_up()
    {
        _book.Add("1", [FeedbackItem.Reward("", 0.5), FeedbackItem.Reward("", 0)]);

        var window = All("1");

        (window.Values, window.Reward).Should().Be((2, 0.5));
        (window.AbsoluteError, window.SquaredError, window.PositiveError, window.NegativeError).Should().Be((null, null, null, null));
    }

    [Test]
    public void A_window_without_values_has_neither_errors_nor_rewards()
    {
        _book.Add("1", [FeedbackItem.Reward("", 0.5)]);
        _clock.AdjustTime(At(20));
        _book.Add("1", [Right("a")]);
        _clock.AdjustTime(At(30));

        var window = _book.Read(At(20), At(30))["1"];

        (window.Correct, window.Values, window.AbsoluteError, window.Reward).Should().Be((1, 0, null, null));
    }

    [Test]
    public void Classes_past_the_most_are_others_and_still_right_or_wrong()
    {
        _book.Add("1", [.. Enumerable.Range(0, FeedbackWindow.MostClasses).Select(i => Right($"{i}"))]);
        _book.Add("1", [Right("51st"), Wrong("51st", "52nd"), Wrong("51st", "0"), Right("other")]);

        var window = All("1");

        window.Classes.Should().HaveCount(FeedbackWindow.MostClasses + 1).And.EndWith(FeedbackWindow.Other);
        window.Counts[^1][^1].Should().Be(3);
        window.Counts[^1][0].Should().Be(1);
        (window.Correct, window.Wrong).Should().Be((FeedbackWindow.MostClasses + 2, 2));
    }

    [Test]
    public void A_class_that_is_called_other_takes_no_place_of_a_class()
    {
        _book.Add("1", [Wrong("other", "a")]);

        All("1").Classes.Should().Equal("a", "other");
    }

    [Test]
    public void An_id_counts_once_in_a_version()
    {
        var first = _book.Add("1", [Right("a", "x"), Right("a", "y"), Right("a", "x"), Right("a"), Right("a")]);
        var second = _book.Add("1", [Wrong("a", "b", "y"), Right("a", "z")]);
        var other = _book.Add("2", [Right("a", "x")]);

        (first.Accepted, first.Duplicates).Should().Be((4, 1));
        (second.Accepted, second.Duplicates).Should().Be((1, 1));
        (other.Accepted, other.Duplicates).Should().Be((1, 0));
        (All("1").Correct, All("1").Wrong).Should().Be((5, 0));
    }

    [Test]
    public void Numbers_and_rewards_do_not_mix_and_nothing_of_such_a_body_is_counted()
    {
        _book.Add("1", [FeedbackItem.Value("", 1, 2), Right("a")]);

        var refused = _book.Invoking(book => book.Add("1", [Right("a", "x"), FeedbackItem.Reward("", 1), FeedbackItem.Value("", 1, 1), FeedbackItem.Reward("", 2)]));

        refused.Should().Throw<ServingException>().WithMessage(
            "Nothing of the feedback was counted, there are 2 faults:\n  [1] has a reward, and this version was told numbers; a version has one of both\n  [3] *");
        (All("1").Values, All("1").Correct).Should().Be((1, 1));
        _book.Add("1", [Right("a", "x")]).Accepted.Should().Be(1, "its id was not counted either");
        _book.Add("2", [FeedbackItem.Reward("", 1)]).Accepted.Should().Be(1, "another version is another affair");
    }

    [Test]
    public void A_window_has_the_whole_stretches_inside_it()
    {
        TellEachStretch(6);

        var window = _book.Read(At(13), At(49))["1"];

        (window.From, window.To, window.Correct).Should().Be((At(20), At(40), 2 + 3));
    }

    [Test]
    public void Windows_that_touch_have_every_stretch_once()
    {
        TellEachStretch(6);

        var parts = Enumerable.Range(0, 6).Select(i => _book.Read(At(10 * i), At(10 * (i + 1))).GetValueOrDefault("1")?.Correct ?? 0);

        parts.Should().Equal(0, 1, 2, 3, 4, 5);
    }

    [Test]
    public void The_running_stretch_is_there_when_the_window_reaches_to_now()
    {
        TellEachStretch(2);
        _book.Add("1", [Right("a")]);

        var window = _book.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)["1"];

        (window.From, window.To, window.Correct).Should().Be((Start, At(23), 2));
        _book.Read(DateTimeOffset.MinValue, At(22))["1"].To.Should().Be(At(20));
    }

    [Test]
    public void A_window_without_feedback_has_no_version()
    {
        _book.Add("1", [Right("a")]);
        _clock.Advance(Stretch);

        _book.Read(At(10), DateTimeOffset.MaxValue).Should().BeEmpty();
        _book.Read(At(-60), At(-30)).Should().BeEmpty();
        _book.Read(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue).Should().BeEmpty();
    }

    [Test]
    public void A_day_is_remembered_of_a_version_with_all_pairs_in_every_stretch()
    {
        var pairs = from predicted in Enumerable.Range(0, FeedbackWindow.MostClasses + 1)
                    from actual in Enumerable.Range(0, FeedbackWindow.MostClasses + 1)
                    select FeedbackItem.Class("", $"{predicted}", $"{actual}");
        IReadOnlyList<FeedbackItem> body = [.. pairs];
        for (var stretch = 0; stretch < 6 * 26; stretch++)
        {
            _book.Add("1", body);
            _clock.Advance(Stretch);
        }

        var day = _book.Read(_clock.GetUtcNow() - TimeSpan.FromHours(24), DateTimeOffset.MaxValue)["1"];

        day.From.Should().BeOnOrBefore(_clock.GetUtcNow() - TimeSpan.FromHours(24) + Stretch);
        (day.Correct + day.Wrong).Should().BeGreaterThanOrEqualTo(body.Count * ((6 * 24) - 1));
    }

    [Test]
    public void A_clock_that_is_set_back_loses_nothing_and_takes_nothing_twice()
    {
        _clock.AdjustTime(At(60));
        _book.Add("1", [Right("a")]);
        _clock.AdjustTime(At(-120));
        _book.Add("1", [Right("a"), Right("a")]);
        _clock.AdjustTime(At(65));
        _book.Add("1", [Right("a"), Right("a"), Right("a")]);
        _clock.AdjustTime(At(80));

        _book.Read(At(-121), At(0))["1"].Correct.Should().Be(2);
        _book.Read(At(60), At(70))["1"].Correct.Should().Be(4);
        _book.Read(At(-120), At(80))["1"].Correct.Should().Be(6);
    }

    [Test]
    public void Of_too_many_versions_the_one_that_was_fed_longest_ago_is_forgotten()
    {
        for (var version = 1; version <= FeedbackBook.MostVersions; version++)
        {
            _book.Add($"{version}", [Right("a")]);
        }

        _book.Add("1", [Right("a")]);
        _clock.Advance(Stretch);
        _book.Add("new", [Right("a")]);
        _clock.Advance(TimeSpan.FromSeconds(1));

        _book.Knows("1").Should().BeTrue();
        _book.Knows("2").Should().BeFalse();
        var windows = _book.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        windows.Keys.Should().BeEquivalentTo("1", "3", "4", "5", "6", "7", "8", "new");
        windows["1"].From.Should().Be(Start);
        windows["new"].From.Should().Be(Start + Stretch, "what it may have been told before it was forgotten is not known");
    }

    [Test]
    public async Task Nothing_is_lost_when_many_tell_at_once(CancellationToken cancellationToken)
    {
        const int Writers = 4, Bodies = 500;
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(
            () =>
            {
                for (var i = 0; i < Bodies; i++)
                {
                    _book.Add($"{i % 3}", [Right("a", $"{writer}-{i}"), FeedbackItem.Value("", 2, 1)]);
                }
            },
            cancellationToken));
        var all = Task.WhenAll(writing);
        for (var turn = 0; turn < 1_000 && !all.IsCompleted; turn++)
        {
            _clock.Advance(TimeSpan.FromMinutes(3));
            _book.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        }

        await all;

        _clock.Advance(TimeSpan.FromSeconds(1));
        var windows = _book.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Values;
        windows.Sum(window => window.Correct).Should().Be(Writers * Bodies);
        windows.Sum(window => window.AbsoluteError).Should().Be(Writers * Bodies);
    }

    private static FeedbackItem Right(string name, string id = "") => FeedbackItem.Class(id, name, name);

    private static FeedbackItem Wrong(string predicted, string actual, string id = "") => FeedbackItem.Class(id, predicted, actual);

    private static DateTimeOffset At(int minutes) => new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero).AddMinutes(minutes);

    private FeedbackWindow All(string version)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return _book.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)[version];
    }

    /// <summary>Tells n right predictions in the n-th stretch, and leaves the clock in the next.</summary>
    private void TellEachStretch(int stretches)
    {
        for (var stretch = 0; stretch < stretches; stretch++)
        {
            _book.Add("1", [.. Enumerable.Repeat(Right("a"), stretch)]);
            _clock.Advance(Stretch);
        }
    }
}
