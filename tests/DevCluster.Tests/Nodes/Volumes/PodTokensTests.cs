using k8s.Models;
using Slipway.DevCluster.Nodes;
using Slipway.DevCluster.Nodes.Volumes;

namespace Slipway.DevCluster.Tests.Nodes.Volumes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PodTokensTests
{
    private static readonly V1ServiceAccountTokenProjection Source = new() { Path = "token", ExpirationSeconds = 1000 };
    private static readonly V1Pod Pod = new()
    {
        Spec = new() { Volumes = [new() { Name = "access", Projected = new() { Sources = [new() { ServiceAccountToken = Source }] } }] },
    };

    private readonly SetTime _time = new();

    [Test]
    public async Task A_token_is_kept_for_four_fifths_of_its_life_and_then_replaced()
    {
        var tokens = new PodTokens(Pod, new Issuer(_time), _time);
        await tokens.RefreshAsync(CancellationToken.None);

        _time.Now += TimeSpan.FromSeconds(799);
        await tokens.RefreshAsync(CancellationToken.None);
        var kept = tokens.Text(Source);
        _time.Now += TimeSpan.FromSeconds(2);
        await tokens.RefreshAsync(CancellationToken.None);

        (kept, tokens.Text(Source)).Should().Be(("token 1 of 1000 s", "token 2 of 1000 s"));
    }

    private sealed class Issuer(TimeProvider time) : INodeObjects
    {
        private int _issued;

        public V1ConfigMap? ConfigMap(string @namespace, string name) => null;

        public V1Secret? Secret(string @namespace, string name) => null;

        public IReadOnlyList<V1Service> Services() => [];

        public Task<AccountToken> TokenAsync(V1Pod pod, string audience, long seconds, CancellationToken cancellationToken)
        {
            var now = time.GetUtcNow().UtcDateTime;
            return Task.FromResult(new AccountToken($"token {++_issued} of {seconds} s", now, now.AddSeconds(seconds)));
        }
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
