using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Grpc;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.ModelServer.Tests.Transport;

[CancelAfter(120_000)]
internal sealed class ConnectionAgeTests
{
    private const int Servers = 3;
    private const int Requests = 300;
    private const double LeastShare = 0.2;

    [Test]
    public async Task New_servers_get_their_share_of_a_channel_that_was_there_before_them(CancellationToken cancellationToken)
    {
        var servers = new List<TestServer>();
        try
        {
            servers.Add(await ServeAsync(0, cancellationToken));
            using var names = new Names(servers[0].Host.GrpcPort);
            using var channel = names.Open();
            var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
            (await AskAsync(client, cancellationToken)).Should().Be("v0");
            for (var i = 1; i < Servers; i++)
            {
                servers.Add(await ServeAsync(i, cancellationToken));
            }

            // As with DNS, nobody tells the channel; it looks again when a connection of its ends.
            names.Ports = [.. servers.Select(server => server.Host.GrpcPort)];
            var seen = new HashSet<string>();
            while (seen.Count < Servers)
            {
                seen.Add(await AskAsync(client, cancellationToken));
            }

            var shares = new Dictionary<string, int>();
            for (var i = 0; i < Requests; i++)
            {
                var version = await AskAsync(client, cancellationToken);
                shares[version] = shares.GetValueOrDefault(version) + 1;
            }

            shares.Should().HaveCount(Servers);
            shares.Values.Should().OnlyContain(count => count >= LeastShare * Requests);
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Test]
    public async Task A_call_that_outlasts_its_connection_is_answered(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Heavy(layers: 50), cancellationToken, settings => settings with { MaxConnectionAge = TimeSpan.FromMilliseconds(50) });
        using var client = GrpcClient.Of(server);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.InferAsync(GrpcClient.Heavy(rows: 60), cancellationToken)));

        answers.Should().HaveCount(8).And.OnlyContain(answer => answer.RawOutputContents.Count == 1);
    }

    [TestCase(1, true)]
    [TestCase(0, false)]
    public async Task An_old_connection_of_HTTP_1_is_closed_with_its_next_answer(int milliseconds, bool closed, CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            TestModels.Double(), cancellationToken, settings => settings with { MaxConnectionAge = TimeSpan.FromMilliseconds(milliseconds) });
        bool wasClosed;
        var turns = 0;
        do
        {
            using var response = await server.Http.GetAsync("/v2/health/ready", cancellationToken);
            wasClosed = response.Headers.ConnectionClose == true;
        }
        while (wasClosed != closed || ++turns < 5);

        wasClosed.Should().Be(closed);
    }

    private static Task<TestServer> ServeAsync(int i, CancellationToken cancellationToken)
    {
        var folder = new ModelFolder().WithModel(TestModels.Double(width: 1), $"v{i}");
        return LoadAsync(folder, TestServer.Settings(folder) with { Version = $"v{i}", MaxConnectionAge = TimeSpan.FromMilliseconds(500) }, cancellationToken);
    }

    private static async Task<TestServer> LoadAsync(ModelFolder folder, ServerSettings settings, CancellationToken cancellationToken)
    {
        var server = await TestServer.StartAsync(settings, cancellationToken, folder);
        await server.Host.LoadAsync(cancellationToken);
        return server;
    }

    private static async Task<string> AskAsync(GRPCInferenceService.GRPCInferenceServiceClient client, CancellationToken cancellationToken) =>
        (await client.ModelInferAsync(GrpcClient.Request(GrpcClient.Floats("x", [1, 1], 1)), cancellationToken: cancellationToken)).ModelVersion;

    /// <summary>A name that stands for some servers, and who looks it up when.</summary>
    private sealed class Names(params int[] ports) : IDisposable
    {
        private readonly ServiceCollection _services = new();
        private ServiceProvider? _provider;

        public IReadOnlyList<int> Ports { get; set; } = ports;

        public GrpcChannel Open()
        {
            _services.AddSingleton<ResolverFactory>(new Factory(this));
            _provider = _services.BuildServiceProvider();
            return GrpcChannel.ForAddress("names:///m", new GrpcChannelOptions
            {
                Credentials = ChannelCredentials.Insecure,
                ServiceProvider = _provider,
                ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } },
            });
        }

        public void Dispose() => _provider?.Dispose();

        private sealed class Factory(Names names) : ResolverFactory
        {
            public override string Name => "names";

            public override Resolver Create(ResolverOptions options) => new Lookup(names, options);
        }

        private sealed class Lookup(Names names, ResolverOptions options) : PollingResolver(options.LoggerFactory)
        {
            protected override Task ResolveAsync(CancellationToken cancellationToken)
            {
                Listener(ResolverResult.ForResult([.. names.Ports.Select(port => new BalancerAddress("127.0.0.1", port))]));
                return Task.CompletedTask;
            }
        }
    }
}
