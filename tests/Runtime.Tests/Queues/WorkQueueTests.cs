using System.Diagnostics.Metrics;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Slipway.Runtime.Tests;

internal sealed class WorkQueueTests
{
    private FakeTimeProvider _clock = null!;
    private ServiceProvider _services = null!;
    private WorkQueue<string> _queue = null!;

    [SetUp]
    public void Create()
    {
        _clock = new();
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _queue = New();
    }

    [TearDown]
    public void Dispose()
    {
        _queue.Dispose();
        _services.Dispose();
    }

    [Test]
    public async Task A_key_added_twice_is_taken_once()
    {
        _queue.Add("a");
        _queue.Add("a");
        _queue.Add("b");

        (await TakeAsync()).Should().Be("a");
        (await TakeAsync()).Should().Be("b");
        Waiting().IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task A_key_added_while_worked_on_comes_back_once_after_done()
    {
        _queue.Add("a");
        var key = await TakeAsync();
        _queue.Add("a");
        _queue.Add("a");
        var next = Waiting();
        next.IsCompleted.Should().BeFalse();

        _queue.Done(key);

        (await next.WithinLimit()).Should().Be("a");
        _queue.Done("a");
        Waiting().IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task A_delayed_key_comes_when_its_time_has_come_and_not_before()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        var next = Waiting();

        _clock.Advance(TimeSpan.FromSeconds(9.999));
        next.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        (await next.WithinLimit()).Should().Be("a");
    }

    [Test]
    public async Task Delayed_keys_come_in_the_order_of_their_times_and_each_once()
    {
        _queue.AddAfter("late", TimeSpan.FromSeconds(30));
        _queue.AddAfter("early", TimeSpan.FromSeconds(10));
        _queue.AddAfter("late", TimeSpan.FromSeconds(20));
        _queue.AddAfter("early", TimeSpan.FromSeconds(25));

        _clock.Advance(TimeSpan.FromMinutes(1));

        (await TakeAsync()).Should().Be("early");
        (await TakeAsync()).Should().Be("late");
        Waiting().IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task Of_two_delays_of_a_key_the_earlier_counts()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(30));
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromSeconds(5));

        (await TakeAsync()).Should().Be("a");
    }

    [Test]
    public async Task A_delay_of_months_is_kept()
    {
        _queue.AddAfter("a", TimeSpan.FromDays(100));
        for (var day = 0; day < 99; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
        }

        var next = Waiting();
        next.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromDays(1));

        (await next.WithinLimit()).Should().Be("a");
    }

    [Test]
    public async Task Backoff_doubles_for_each_failure_and_starts_again_when_forgotten()
    {
        _queue.AddWithBackoff("a").Should().Be(1);
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        _queue.Done(await TakeAsync());
        _queue.AddWithBackoff("a").Should().Be(2);
        var next = Waiting();
        _clock.Advance(TimeSpan.FromMilliseconds(9));
        next.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _queue.Done(await next.WithinLimit());

        _queue.Forget("a");

        _queue.AddWithBackoff("a").Should().Be(1);
    }

    [Test]
    public void A_delayed_key_after_the_end_is_dropped()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _queue.Dispose();

        FluentActions.Invoking(() => _clock.Advance(TimeSpan.FromSeconds(2))).Should().NotThrow();
        FluentActions.Invoking(() => _queue.Add("b")).Should().NotThrow();
    }

    [Test]
    public void Whatever_is_done_to_it_no_key_is_worked_on_twice_at_once_and_none_is_lost()
    {
        // Steps: 0-3 add that key, 4-6 take, 7-9 finish the oldest taken.
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            using var queue = New();
            var working = new List<string>();
            var owed = new HashSet<string>();
            foreach (var step in steps.Select(step => step % 10))
            {
                switch (step)
                {
                    case < 4:
                        queue.Add($"k{step}");
                        owed.Add($"k{step}");
                        break;
                    case < 7 when owed.Except(working).Any():
                        var key = Take(queue);
                        working.Should().NotContain(key);
                        owed.Remove(key).Should().BeTrue("only what was added is taken");
                        working.Add(key);
                        break;
                    case >= 7 when working.Count > 0:
                        queue.Done(working[0]);
                        working.RemoveAt(0);
                        break;
                    default:
                        break;
                }
            }

            working.ForEach(queue.Done);
            while (owed.Count > 0)
            {
                owed.Remove(Take(queue)).Should().BeTrue();
            }
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public async Task Many_workers_and_adders_never_share_a_key()
    {
        using var stop = new CancellationTokenSource();
        var busy = new int[5];
        var worked = 0;
        var shared = 0;
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    var key = await _queue.TakeAsync(stop.Token);
                    var index = key[1] - '0';
                    Interlocked.Add(ref shared, Interlocked.Increment(ref busy[index]) - 1);
                    await Task.Yield();
                    Interlocked.Decrement(ref busy[index]);
                    _queue.Done(key);
                    if (Interlocked.Increment(ref worked) == 2_000)
                    {
                        await stop.CancelAsync();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        })).ToList();
        var adder = Task.Run(async () =>
        {
            for (var count = 0; !stop.IsCancellationRequested; count++)
            {
                _queue.Add($"k{count % 5}");
                await Task.Yield();
            }
        });

        await Task.WhenAll(workers).WithinLimit();
        await adder.WithinLimit();
        shared.Should().Be(0);
        worked.Should().BeGreaterThanOrEqualTo(2_000);
    }

    [Test]
    public async Task Its_series_are_there_from_the_start_and_count()
    {
        using var metrics = new MetricReader(_services.GetRequiredService<IMeterFactory>());
        metrics.Read()["workqueue_adds_total{name=q,controller=q}"].Should().Be(0);

        _queue.Add("a");
        _queue.Add("a");
        _queue.AddWithBackoff("b");
        metrics.Read()["workqueue_depth{name=q,controller=q}"].Should().Be(1);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var key = await TakeAsync();
        _clock.Advance(TimeSpan.FromSeconds(3));
        _queue.Done(key);

        var read = metrics.Read();
        read["workqueue_adds_total{name=q,controller=q}"].Should().Be(2);
        read["workqueue_retries_total{name=q,controller=q}"].Should().Be(1);
        read["workqueue_queue_duration_seconds{name=q,controller=q}"].Should().Be(2);
        read["workqueue_work_duration_seconds{name=q,controller=q}"].Should().Be(3);
        read["workqueue_depth{name=q,controller=q}"].Should().Be(1);
    }

    [Test]
    public async Task What_is_worked_on_is_told_while_it_goes_on()
    {
        const string unfinished = "workqueue_unfinished_work_seconds{name=q,controller=q}";
        const string longest = "workqueue_longest_running_processor_seconds{name=q,controller=q}";
        using var metrics = new MetricReader(_services.GetRequiredService<IMeterFactory>());
        _queue.Add("a");
        _queue.Add("b");
        await TakeAsync();
        _clock.Advance(TimeSpan.FromSeconds(4));
        await TakeAsync();
        _clock.Advance(TimeSpan.FromSeconds(3));

        var busy = metrics.Read();
        (busy[unfinished], busy[longest]).Should().Be((10, 7));

        _queue.Done("a");
        var less = metrics.Read();
        (less[unfinished], less[longest]).Should().Be((3, 3));

        _queue.Done("b");
        var idle = metrics.Read();
        (idle[unfinished], idle[longest]).Should().Be((0, 0));
    }

    private static string Take(WorkQueue<string> queue)
    {
        var taken = queue.TakeAsync(default).AsTask();
        taken.IsCompletedSuccessfully.Should().BeTrue("a key is ready");
        return taken.GetAwaiter().GetResult();
    }

    private WorkQueue<string> New() => new(_clock, new RuntimeMetrics(_services.GetRequiredService<IMeterFactory>()).ForQueue("q"));

    private Task<string> TakeAsync() => Waiting().WithinLimit();

    private Task<string> Waiting() => _queue.TakeAsync(default).AsTask();
}
