using Microsoft.Extensions.Time.Testing;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests;

[CancelAfter(120_000)]
internal sealed class ModelServerHostTests
{
    [Test]
    public async Task What_is_accepted_too_late_to_finish_is_cut_off_when_the_drain_has_had_its_time(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var server = await TestServer.ServeAsync(TestModels.Counting(), cancellationToken, clock: clock);
        using var content = new HeldContent(TestServer.Count(3));
        var first = server.Http.PostAsync("/v2/models/m/infer", content, cancellationToken);
        await server.UntilAsync(() => server.Host.Bodies.Held > 0, cancellationToken);

        var drain = server.Host.DrainAsync(cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(5));
        var late = server.InferAsync(TestServer.Count(long.MaxValue), cancellationToken);
        await server.UntilAsync(() => server.CallsOut == 1, cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(25));
        await drain.WaitAsync(cancellationToken);

        await late.Invoking(cut => cut).Should().ThrowAsync<HttpRequestException>();
        await Task.WhenAny(first);
        server.CallsOut.Should().Be(0);
        server.Host.Bodies.Held.Should().Be(0);
    }
}
