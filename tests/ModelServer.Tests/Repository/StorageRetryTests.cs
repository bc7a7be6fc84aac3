using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Tests.Repository;

internal sealed class StorageRetryTests
{
    [Test]
    public async Task A_store_is_left_alone_for_as_long_as_it_asked()
    {
        var clock = new FakeTimeProvider();
        var attempts = 0;
        var run = new StorageRetry(_ => { }, clock, NullLogger.Instance).RunAsync(
            _ => ++attempts == 1 ? throw new StoreException(StoreTrouble.Throttled, "slow down") { RetryAfter = TimeSpan.FromSeconds(90) } : Task.FromResult(attempts),
            CancellationToken.None);

        clock.Advance(TimeSpan.FromSeconds(90));
        attempts.Should().Be(1, "the jitter comes on top of what was asked");
        clock.Advance(TimeSpan.FromSeconds(1));

        (await run).Should().Be(2);
    }

    [Test]
    public async Task Nobody_can_ask_it_to_wait_for_ever()
    {
        var clock = new FakeTimeProvider();
        var attempts = 0;
        var run = new StorageRetry(_ => { }, clock, NullLogger.Instance).RunAsync(
            _ => ++attempts == 1 ? throw new StoreException(StoreTrouble.Throttled, "slow down") { RetryAfter = TimeSpan.FromDays(1000) } : Task.FromResult(attempts),
            CancellationToken.None);

        clock.Advance(RepositoryLimits.LongestRetryAfter + TimeSpan.FromSeconds(1));

        (await run).Should().Be(2);
    }

    [TestCase(StoreTrouble.Missing)]
    [TestCase(StoreTrouble.Changed)]
    public async Task What_asking_again_cannot_mend_is_given_up_at_once(object trouble)
    {
        var run = () => new StorageRetry(_ => { }, new FakeTimeProvider(), NullLogger.Instance).RunAsync<int>(
            _ => throw new StoreException((StoreTrouble)trouble, "gone"), CancellationToken.None);

        (await run.Should().ThrowAsync<StoreException>()).WithMessage("gone");
    }
}
