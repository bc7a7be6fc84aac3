using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class LostChildrenTests : ControllerTest
{
    [Test]
    public async Task A_child_that_went_before_the_cache_showed_it_is_made_anew()
    {
        Server.FailWith(request => request.Plural == "services" && (request.IsList || request.IsWatch) ? new FakeStatus(404, "NotFound", "the server could not find the requested resource") : null);
        Server.Store.Create("widgets", A.Json(A.Widget()));
        var applier = new TaskCompletionSource<IObjectApplier>();
        await using var runtime = await StartAsync(controller => controller.Owns<V1Service>(optional: true), async (widget, cancellationToken) =>
        {
            await (await applier.Task).ApplyAsync(widget, [A.Service("c")], cancellationToken);
            return Result.Done;
        });
        applier.SetResult(runtime.Get<IObjectApplier>());
        await Eventually.IsTrueAsync(() => runtime.Get<OwnWrites>().IsPending(new("services", new("ns", "c"))));

        Server.Store.Delete("services", "ns", "c");
        Server.Heal();

        await Eventually.IsTrueAsync(() => Server.Store.Get("services", "ns", "c") is not null, () => Clock.Advance(TimeSpan.FromMilliseconds(20)));
    }
}
