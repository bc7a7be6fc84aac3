using System.Text;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>Harmed requests in every form, against the transport and a model, without sockets between.</summary>
[CancelAfter(600_000)]
internal sealed class InferFuzzTests
{
    private const int Seed = 20_000;

    [Test]
    public Task No_body_makes_the_server_fail_or_hang(CancellationToken cancellationToken) => SendAsync(20_000, cancellationToken);

    [Test]
    [Category("Long")]
    public Task No_body_of_a_million_makes_the_server_fail_or_hang(CancellationToken cancellationToken) => SendAsync(1_000_000, cancellationToken);

    private static async Task SendAsync(int bodies, CancellationToken cancellationToken)
    {
        await using var server = new LocalServer(TestModels.TwoTypes());
        var seen = new int[600];

        await Parallel.ForEachAsync(Enumerable.Range(Seed, bodies), cancellationToken, async (seed, token) =>
        {
            token.ThrowIfCancellationRequested();
            var request = BodyMutator.Make(seed);
            var (status, answer) = await server.PostAsync(request.Path, request.Body, request.JsonBytes);
            Interlocked.Increment(ref seen[status]);
            if (status is not (200 or 400 or 413 or 504))
            {
                throw new AssertionException($"{status} {answer} came for {request.Path} {Encoding.Latin1.GetString(request.Body)} (seed {seed})");
            }
        });

        seen[200].Should().BeGreaterThan(bodies / 10, "mutations must reach the model");
        seen[400].Should().BeGreaterThan(bodies / 10, "mutations must be refused");
    }
}
