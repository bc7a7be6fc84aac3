using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Tests.Transport.Rest;

namespace Slipway.ModelServer.Tests.Commands;

[CancelAfter(120_000)]
internal sealed class ServeCommandTests
{
    [Test]
    public async Task Sigterm_fails_readiness_at_once_finishes_what_was_accepted_and_exits_0(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Heavy(layers: 200));
        await using var server = ServerProcess.Serve(folder);
        var (http, management) = await server.ClientsAsync(cancellationToken);
        using (http)
        using (management)
        {
            await server.LineAsync("is ready after", cancellationToken);
            using var content = new StringContent(InferHandlerTests.HeavyRequest(rows: 300), Encoding.UTF8);
            var slow = http.PostAsync("/v2/models/m/infer", content, cancellationToken);
            await UntilInFlightAsync(management, cancellationToken);

            await server.SignalAsync("TERM", cancellationToken);
            await server.LineAsync("Asked to stop; 1 requests", cancellationToken);
            using var ready = await http.GetAsync("/v2/health/ready", cancellationToken);
            using var live = await http.GetAsync("/v2/health/live", cancellationToken);
            using var answer = await slow;

            ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            ready.Headers.ConnectionClose.Should().BeTrue();
            live.StatusCode.Should().Be(HttpStatusCode.OK);
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        (await server.ExitAsync(cancellationToken)).Should().Be(0, server.Errors);
    }

    [Test]
    public async Task Garbage_for_a_model_ends_the_server_with_the_sentence_in_the_termination_log(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(Encoding.ASCII.GetBytes("this is no model"));
        await using var server = ServerProcess.Serve(folder);

        (await server.ExitAsync(cancellationToken)).Should().Be(1);

        var sentence = await File.ReadAllTextAsync(folder.Other("termination-log"), cancellationToken);
        sentence.Should().StartWith("model.onnx cannot be loaded by ONNX Runtime:").And.NotContain("   at ");
    }

    [Test]
    public async Task A_version_that_is_not_there_is_answered_with_those_that_are(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double(), "9").WithModel(TestModels.Double(), "10").With("notes", "readme", [1]);
        await using var server = ServerProcess.Serve(folder);

        (await server.ExitAsync(cancellationToken)).Should().Be(1);

        var sentence = await File.ReadAllTextAsync(folder.Other("termination-log"), cancellationToken);
        sentence.Should().Match("There is no version 1 in file://*. The versions there are 9, 10. Name one of those, or upload this one.");
    }

    [Test]
    public async Task Everything_that_is_wrong_with_the_configuration_is_said_at_once(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder();
        var config = folder.With("c", "server.yaml", Encoding.UTF8.GetBytes("model: m\nuri: ftp://x/y\nversion: latest\nintraOpThreads: two\ncolour: red\n")).Path + "/c/server.yaml";
        await using var server = ServerProcess.Start(new Dictionary<string, string>(), "serve", "--config", config);

        (await server.ExitAsync(cancellationToken)).Should().Be(2);

        server.Errors.Should().ContainAll($"{config}: uri: has the scheme 'ftp'", ": version: must name", ": intraOpThreads: must be a whole number", ": colour: is not a known key");
    }

    [Test]
    public async Task Status_and_metrics_are_told_on_the_management_port_alone(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        await using var server = ServerProcess.Serve(folder);
        var (http, management) = await server.ClientsAsync(cancellationToken);
        using (http)
        using (management)
        {
            await server.LineAsync("is ready after", cancellationToken);
            var status = JsonNode.Parse(await management.GetStringAsync("/status", cancellationToken))!;
            var metrics = await management.GetStringAsync("/metrics", cancellationToken);
            using var elsewhere = await http.GetAsync("/metrics", cancellationToken);

            status["state"]!.GetValue<string>().Should().Be("Ready");
            status["digest"]!.GetValue<string>().Should().MatchRegex("^sha256:[0-9a-f]{64}$");
            status["inputs"]!.ToJsonString().Should().Be("""[{"name":"x","datatype":"FP32","shape":[-1,3]}]""");
            metrics.Should().MatchRegex("slipway_requests_total\\{[^}]*code=\"deadline_exceeded\"[^}]*\\} 0\n");
            metrics.Should().MatchRegex("slipway_model_loaded\\{[^}]*model=\"m\",version=\"1\"[^}]*\\} 1\n");
            elsewhere.StatusCode.Should().Be(HttpStatusCode.NotFound);
        }
    }

    private static async Task UntilInFlightAsync(HttpClient management, CancellationToken cancellationToken)
    {
        // Each turn is a request to the server, so this neither sleeps nor spins.
        while (!System.Text.RegularExpressions.Regex.IsMatch(await management.GetStringAsync("/metrics", cancellationToken), "slipway_in_flight_requests\\{[^}]*\\} 1\n"))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
