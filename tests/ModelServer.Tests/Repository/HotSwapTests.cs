using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Grpc;

namespace Slipway.ModelServer.Tests.Repository;

/// <summary>Versions that replace each other under clients that never stop asking.</summary>
internal sealed class HotSwapTests
{
    private const string Request = """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[0]}]}""";
    private const int Clients = 3;

    [Test]
    [CancelAfter(120_000)]
    public async Task No_request_fails_while_a_newer_version_takes_over(CancellationToken cancellationToken)
    {
        const int Newest = 6;
        using var folder = new ModelFolder().WithModel(TestModels.Plus(1));
        await using var server = await TestServer.FollowAsync(
            TestServer.Settings(folder) with { Version = ServerSettings.Latest, PollInterval = TimeSpan.FromMilliseconds(20) }, cancellationToken);
        using var grpc = GrpcClient.Of(server);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rest = Enumerable.Range(0, Clients).Select(_ => AskAsync(server.Http, enough.Token)).ToList();
        var calls = Enumerable.Range(0, Clients).Select(_ => AskAsync(grpc, enough.Token)).ToList();

        for (var version = 2; version <= Newest; version++)
        {
            folder.WithModel(TestModels.Plus(version), $"{version}");
            await server.UntilAsync(() => server.Host.Versions.Entries is [{ Loaded: not null } only] && only.Version == $"{version}", cancellationToken);
        }

        await enough.CancelAsync();
        foreach (var answered in await Task.WhenAll([.. rest, .. calls]))
        {
            answered.Should().BeInAscendingOrder().And.OnlyContain(by => by >= 1 && by <= Newest).And.Contain(by => by > 1);
        }
    }

    [Test]
    [Category("Long")]
    [CancelAfter(600_000)]
    public async Task Fifty_swaps_under_load_fail_no_request_and_give_the_memory_back(CancellationToken cancellationToken)
    {
        const int Swaps = 50;
        const int Settled = 10;
        const int Megabytes = 32;
        using var folder = new ModelFolder().WithModel(TestModels.HeavyPlus(1, Megabytes)).WithModel(TestModels.HeavyPlus(2, Megabytes), "2");
        await using var server = ServerProcess.Serve(folder, "--enable-model-control");
        var (http, management) = await server.ClientsAsync(cancellationToken);
        using (http)
        using (management)
        {
            await server.LineAsync("is ready after", cancellationToken);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var asking = Enumerable.Range(0, Clients).Select(_ => AskAsync(http, enough.Token)).ToList();
            var resident = new List<long>();
            for (var swap = 0; swap < Swaps; swap++)
            {
                await ControlAsync(management, $"versions/{2 - (swap % 2)}/load", cancellationToken);
                await ControlAsync(management, $"versions/{1 + (swap % 2)}/unload", cancellationToken);
                resident.Add(server.ResidentBytes >> 20);
            }

            await enough.CancelAsync();
            var answered = await Task.WhenAll(asking);

            var requests = answered.Sum(each => each.Count);
            TestContext.Out.WriteLine($"{Swaps} swaps of {Megabytes} MB under {requests} requests; resident MB after each: {string.Join(' ', resident)}");
            answered.Should().OnlyContain(each => each.Contains(1) && each.Contains(2));
            resident.Skip(Settled).Max().Should().BeLessThan(resident.Take(Settled).Max() + (2 * Megabytes), "a version that is left behind each time would add {0} MB", (Swaps - Settled) * Megabytes);
        }
    }

    /// <returns>The versions that answered, in order; a request that fails fails the test.</returns>
    private static async Task<List<float>> AskAsync(HttpClient http, CancellationToken enough)
    {
        var answered = new List<float>();
        while (!enough.IsCancellationRequested)
        {
            using var content = new StringContent(Request, Encoding.UTF8, "application/json");
            using var response = await http.PostAsync("/v2/models/m/infer", content, CancellationToken.None);
            var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
            response.StatusCode.Should().Be(HttpStatusCode.OK, text);
            answered.Add(JsonNode.Parse(text)!["outputs"]![0]!["data"]![0]!.GetValue<float>());
        }

        return answered;
    }

    private static async Task<List<float>> AskAsync(GrpcClient grpc, CancellationToken enough)
    {
        var answered = new List<float>();
        while (!enough.IsCancellationRequested)
        {
            var answer = await grpc.InferAsync(GrpcClient.Request(GrpcClient.Floats("x", [1], 0)), CancellationToken.None);
            answered.Add(answer.Outputs.Single().Contents.Fp32Contents.Single());
        }

        return answered;
    }

    private static async Task ControlAsync(HttpClient management, string what, CancellationToken cancellationToken)
    {
        using var response = await management.PostAsync($"/v2/repository/models/m/{what}", null, cancellationToken);
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(cancellationToken));
    }
}
