namespace Slipway.Api.Tests;

internal sealed class LatencyBucketsTests
{
    private static readonly TimeSpan Micro = TimeSpan.FromMicroseconds(1);

    [TestCase(long.MinValue, 0)]
    [TestCase(0, 0)]
    [TestCase(999, 0)]
    [TestCase(1_000, 1)]
    [TestCase(600_000_000, LatencyBuckets.Count - 2)]
    [TestCase(640_000_000, LatencyBuckets.Count - 1)]
    [TestCase(long.MaxValue, LatencyBuckets.Count - 1)]
    public void The_buckets_span_100_microseconds_to_60_seconds(long ticks, int bucket) =>
        LatencyBuckets.Index(TimeSpan.FromTicks(ticks)).Should().Be(bucket);

    [Test]
    public void Each_bucket_begins_where_the_one_before_it_ends()
    {
        for (var bucket = 1; bucket < LatencyBuckets.Count; bucket++)
        {
            var start = LatencyBuckets.LowerBound(bucket);
            LatencyBuckets.Index(start).Should().Be(bucket);
            LatencyBuckets.Index(start - TimeSpan.FromTicks(1)).Should().Be(bucket - 1);
        }

        LatencyBuckets.LowerBound(0).Should().Be(TimeSpan.Zero);
    }

    [TestCase(-1)]
    [TestCase(LatencyBuckets.Count)]
    public void There_is_no_bucket_outside_of_the_scheme(int bucket) =>
        bucket.Invoking(LatencyBuckets.LowerBound).Should().Throw<ArgumentOutOfRangeException>();

    [TestCase(0.5)]
    [TestCase(0.9)]
    [TestCase(0.99)]
    [TestCase(1)]
    public void A_quantile_of_merged_counts_is_known_to_5_percent(double quantile)
    {
        var random = new Random(7);
        var counts = new long[LatencyBuckets.Count];
        var durations = new List<TimeSpan>();
        for (var server = 0; server < 3; server++)
        {
            var own = new long[LatencyBuckets.Count];
            for (var i = 0; i < 10_000; i++)
            {
                // As many in each doubling, so that every bucket is looked at.
                var duration = 100 * Micro * Math.Pow(600_000, random.NextDouble());
                durations.Add(duration);
                own[LatencyBuckets.Index(duration)]++;
            }

            for (var bucket = 0; bucket < counts.Length; bucket++)
            {
                counts[bucket] += own[bucket];
            }
        }

        durations.Sort();
        var rank = (int)Math.Ceiling(quantile * durations.Count);
        var exact = durations[rank - 1];

        Middle(BucketOf(counts, rank)).Should().BeCloseTo(exact, 0.05 * exact);
    }

    [Test]
    public void The_middle_of_every_bucket_is_within_5_percent_of_all_that_is_in_it()
    {
        for (var bucket = 1; bucket < LatencyBuckets.Count - 1; bucket++)
        {
            var start = LatencyBuckets.LowerBound(bucket);
            (Middle(bucket) - start).Should().BeLessThanOrEqualTo(0.05 * start);
        }
    }

    private static int BucketOf(long[] counts, int rank)
    {
        long passed = 0;
        return Array.FindIndex(counts, count => (passed += count) >= rank);
    }

    private static TimeSpan Middle(int bucket) => (LatencyBuckets.LowerBound(bucket) + LatencyBuckets.LowerBound(bucket + 1)) / 2;
}
