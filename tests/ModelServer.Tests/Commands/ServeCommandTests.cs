using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Commands;

[CancelAfter(120_000)]
internal sealed class ServeCommandTests
{
    private const int Held = 16;

    [Test]
    public async Task Sigterm_fails_readiness_at_once_loses_nothing_that_was_accepted_and_exits_0(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Counting());
        await using var server = ServerProcess.Serve(folder, "--request-timeout", "100s");
        var (http, management) = await server.ClientsAsync(cancellationToken);
        using (http)
        using (management)
        {
            await server.LineAsync("is ready after", cancellationToken);
            var contents = Enumerable.Range(0, Held).Select(_ => new HeldContent(TestServer.Count(3))).ToList();
            var held = contents.ConvertAll(content => http.PostAsync("/v2/models/m/infer", content, cancellationToken));
            await UntilInFlightAsync(management, Held, cancellationToken);
            var others = Enumerable.Range(0, 4).Select(_ => KeepAskingAsync(http, cancellationToken)).ToList();

            await server.SignalAsync("TERM", cancellationToken);
            await server.LineAsync("Asked to stop", cancellationToken);
            using var ready = await http.GetAsync("/v2/health/ready", cancellationToken);
            using var live = await http.GetAsync("/v2/health/live", cancellationToken);
            contents.ForEach(content => content.Release());
            var answers = await Task.WhenAll(held);
            var answered = await Task.WhenAll(others);

            ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            ready.Headers.ConnectionClose.Should().BeTrue();
            live.StatusCode.Should().Be(HttpStatusCode.OK);
            answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.OK);
            var stopped = await server.LineAsync("Stopped after", cancellationToken);
            stopped.Should().Contain($"Stopped after {Held + answered.Sum()} requests", "every request that the server counts reached its client");
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
        var config = Config(folder, "model: m\nuri: ftp://x/y\nversion: a/b\nintraOpThreads: two\nrequestTimeout: {}\n");
        await using var server = ServerProcess.Start(new Dictionary<string, string>(), "serve", "--config", config, "--max-body-bytes", "200", "--max-body-bytes-in-flight", "100");

        (await server.ExitAsync(cancellationToken)).Should().Be(2);

        server.Errors.Should().ContainAll($"{config}: uri: has the scheme 'ftp'", ": version: must name", ": intraOpThreads: must be a whole number", ": requestTimeout: must be a single value", "--max-body-bytes-in-flight: must be at least --max-body-bytes (200), since");
    }

    [Test]
    public async Task Keys_of_a_newer_operator_are_warned_of_and_do_not_keep_the_server_from_starting(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        var config = Config(folder, $"model: m\nuri: {folder.Uri}\nversion: '1'\ncolour: red\ncanary: {{address: x, weights: [1, 2]}}\n");
        await using var server = ServerProcess.Start(
            new Dictionary<string, string>(), "serve", "--config", config, "--cache", folder.Cache, "--http-port", "0", "--management-port", "0");

        await server.LineAsync("is ready after", cancellationToken);

        server.Errors.Should().ContainAll(
            $"{config}: colour: is not a key that this server knows, and is passed over; known are model, uri,", $"{config}: canary: is not a key");
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

    private static string Config(ModelFolder folder, string yaml)
    {
        var path = folder.Other("server.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }

    /// <summary>One request after the other for as long as the server takes any.</summary>
    /// <returns>How many were answered.</returns>
    private static async Task<int> KeepAskingAsync(HttpClient http, CancellationToken cancellationToken)
    {
        for (var answered = 0; ; answered++)
        {
            try
            {
                using var content = new StringContent(TestServer.Count(1));
                using var answer = await http.PostAsync("/v2/models/m/infer", content, cancellationToken);
                answer.StatusCode.Should().Be(HttpStatusCode.OK);
            }
            catch (HttpRequestException)
            {
                return answered; // nobody listens any more
            }
        }
    }

    private static async Task UntilInFlightAsync(HttpClient management, int count, CancellationToken cancellationToken)
    {
        // Each turn is a request to the server, so this neither sleeps nor spins.
        while (!Regex.IsMatch(await management.GetStringAsync("/metrics", cancellationToken), $"slipway_in_flight_requests\\{{[^}}]*\\}} {count}\n"))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
