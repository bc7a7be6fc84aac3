using System.Collections.Concurrent;
using System.Diagnostics;
using Slipway.EndToEnd.Tests.Faults.Support;
using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests.Faults;

/// <summary>The API server answers, and says no.</summary>
[Parallelizable(ParallelScope.All)]
[OwnCluster(OwnClusterAttribute.Its)]
internal sealed class RefusalTests
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(5);

    [Test]
    public async Task A_busy_server_is_left_alone_for_the_time_that_it_names()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await cluster.MakeAsync("changed", "untouched");
        long refusedAt = 0;
        cluster.Break((call, _, answer) =>
        {
            if (call.IsWatch || call.IsLease)
            {
                return answer();
            }

            Interlocked.CompareExchange(ref refusedAt, call.At, 0);
            return Stopwatch.GetElapsedTime(refusedAt, call.At) >= TimeSpan.FromSeconds(2) ? answer() : throw Trouble.Refusal(429, "TooManyRequests", retryAfterSeconds: 2);
        });

        await cluster.ScaleModelAsync("changed", 2);
        await cluster.EventuallyAsync(() => Interlocked.Read(ref refusedAt) != 0, "a request is refused");
        await cluster.TouchModelAsync("changed", "Look again, now.");
        await cluster.CreateModelAsync("meanwhile");

        await cluster.ConvergesAsync("changed", replicas: 2);
        await cluster.ConvergesAsync("meanwhile");
        var refused = cluster.Calls.Where(call => call.Code == 429).Select(call => call.ToString()).ToList();
        refused.Should().OnlyHaveUniqueItems("nothing is asked again before its time");
        cluster.Calls.Where(call => call.Code == 429 && Stopwatch.GetElapsedTime(refusedAt, call.At) > TimeSpan.FromSeconds(1)).Should()
            .BeEmpty("only what was on its way at the first refusal is refused as well: a busy server means every request");
        cluster.Calls.SkipWhile(call => call.Code != 429).Where(call => call.IsWrite && call.IsAbout("untouched")).Should().BeEmpty();
    }

    [Test]
    public async Task A_write_that_meets_another_is_made_again_until_it_holds()
    {
        await using var cluster = await FaultCluster.StartAsync();
        var met = new ConcurrentDictionary<string, byte>();
        cluster.Break((call, _, answer) => call.IsWrite && !call.IsLease && !call.Path.Contains("/events", StringComparison.Ordinal) && met.TryAdd(call.Path, 0)
            ? throw Trouble.Refusal(409, "Conflict")
            : answer());

        await cluster.MakeAsync("changed");

        var writes = cluster.Writes(from: 0).Where(call => met.ContainsKey(call.Path)).ToList();
        writes.Where(call => call.Code == 409).Should().HaveCount(met.Count).And.HaveCountGreaterThan(6, "each child and the status met another writer");
        writes.Where(call => call.Code is >= 200 and < 300 && !call.Path.EndsWith("/status", StringComparison.Ordinal))
            .Select(call => call.Path).Should().OnlyHaveUniqueItems("what held is not written again");
        (await cluster.EventsAsync("changed")).Select(told => told.Message).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task A_server_that_fails_for_a_while_is_asked_ever_less_and_then_brought_up_to_date()
    {
        await using var cluster = await FaultCluster.StartAsync();
        await cluster.MakeAsync("changed", "untouched");
        var before = cluster.Calls.Count;

        // Watches first go on, so that there is something to do; then they fail as well.
        var since = Stopwatch.GetTimestamp();
        cluster.Break((call, _, answer) => call.IsWatch || call.IsLease ? answer() : throw Trouble.Refusal(500, "InternalError"));
        await cluster.ScaleModelAsync("changed", 2);
        await cluster.EventuallyAsync(() => Failed(cluster, before, call => call.IsAbout("changed")) >= 5, "the change is tried");
        cluster.Break((call, _, answer) => call.IsLease ? answer() : throw Trouble.Refusal(500, "InternalError"));
        cluster.DropWatches();
        await cluster.CreateModelAsync("meanwhile");
        await cluster.EventuallyAsync(() => Failed(cluster, before, call => call.IsList) >= 20, "the watches fail, and lists as well");
        var window = Stopwatch.GetElapsedTime(since);
        var reconciles = cluster.Calls.Skip(before).Where(call => call.Code == 500 && call.IsAbout("changed")).CountBy(call => call.ToString()).Max(call => call.Value);
        var reflectors = Failed(cluster, before, call => call.IsWatch || call.IsList);
        var healed = cluster.Calls.Count;
        cluster.Heal();

        await cluster.ConvergesAsync("changed", replicas: 2);
        await cluster.ConvergesAsync("meanwhile");
        reconciles.Should().BeLessThanOrEqualTo(2 + (int)Math.Log2(window / FirstRetry), "each wait is twice the one before");
        var kinds = cluster.Calls.Where(call => call.IsWatch).Select(call => call.Path).Distinct().Count();
        reflectors.Should().BeLessThanOrEqualTo(kinds * (5 + (int)(window / TimeSpan.FromMilliseconds(200))), "each waits up to 200 ms and more between two attempts");
        var writes = cluster.Writes(from: healed);
        writes.Where(call => call.IsAbout("untouched")).Should().BeEmpty();
        writes.Count(call => call.Path.EndsWith("/deployments/changed", StringComparison.Ordinal)).Should().Be(1);
        writes.Count(call => call.Path.EndsWith("/deployments/meanwhile", StringComparison.Ordinal)).Should().Be(1);
    }

    private static int Failed(FaultCluster cluster, int from, Func<OperatorCall, bool> which) => cluster.Calls.Skip(from).Count(call => call.Code == 500 && which(call));
}
