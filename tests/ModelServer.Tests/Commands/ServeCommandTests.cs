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
    public async Task Other_bytes_than_were_served_first_end_the_server_with_a_code_of_their_own(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        new MountedVolume(folder.Other("live")).Replace(
            (Api.ServerContract.LiveFile, $"expected: {{uri: '{folder.Uri.OriginalString}', version: '1', digest: 'sha256:{new string('0', 64)}'}}\n"));
        await using var server = ServerProcess.Serve(folder, "--live-config", folder.Other("live"));

        (await server.ExitAsync(cancellationToken)).Should().Be(Api.ServerContract.DigestChangedExitCode);

        (await File.ReadAllTextAsync(folder.Other("termination-log"), cancellationToken)).Should().StartWith("Version 1 in file://").And.Contain("other bytes than when it was served first");
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
        var config = Config(folder, "model: m\nuri: ftp://x/y\nversion: a/b\nruntime: {intraOpThreads: two, memoryArena: maybe}\nbatching: {mode: Sometimes}\nrequestTimeout: {}\n");
        await using var server = ServerProcess.Start(new Dictionary<string, string>(), "serve", "--config", config, "--max-body-bytes", "200", "--max-body-bytes-in-flight", "100", "--max-concurrency", "-1");

        (await server.ExitAsync(cancellationToken)).Should().Be(2);

        server.Errors.Should().ContainAll($"{config}: uri: has the scheme 'ftp'", ": version: must name", ": runtime.intraOpThreads: must be a whole number", ": runtime.memoryArena: must be true or false", ": batching.mode: must be one of Auto, On, Off, got 'Sometimes'", ": maxConcurrency: must be 0 to 1000000, got -1", ": requestTimeout: must be a single value", "--max-body-bytes-in-flight: must be at least --max-body-bytes (200), since");
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

    [Test]
    public async Task As_many_calls_run_at_a_time_as_the_process_has_processors(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        await using var server = ServerProcess.Start(
            new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = "5" },
            ["serve", "--model", "m", "--uri", folder.Uri.ToString(), "--version", "1", "--cache", folder.Cache, "--http-port", "0", "--grpc-port", "0", "--management-port", "0", "--intra-op-threads", "2"]);

        (await server.LineAsync("at a time", cancellationToken)).Should().Contain("2 at a time");
    }

    [Test]
    public async Task A_live_file_that_is_wrong_is_told_in_the_log_and_the_status_of_a_server_that_goes_on(CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder().WithModel(TestModels.Double());
        var volume = new MountedVolume(folder.Other("live"));
        volume.Replace((Api.ServerContract.LiveFile, "maxConcurrency: 3\nbatching: {maxDelay: 2ms}\n"));
        await using var server = ServerProcess.Serve(folder, "--live-config", folder.Other("live"), "--max-concurrency", "9", "--slow-threshold", "50ms");
        var (http, management) = await server.ClientsAsync(cancellationToken);
        using (http)
        using (management)
        {
            await server.LineAsync("is ready after", cancellationToken);
            volume.Replace((Api.ServerContract.LiveFile, "maxConcurrency: none\n"));
            await server.LineAsync("live.yaml: maxConcurrency: must be a whole number", cancellationToken);
            var status = JsonNode.Parse(await management.GetStringAsync("/status", cancellationToken))!;

            status["state"]!.GetValue<string>().Should().Be("Ready");
            status["message"]!.GetValue<string>().Should().Contain("got 'none'. The last good live settings stay in force");
            status["live"]!.ToJsonString().Should().Be("""{"maxConcurrency":3,"batching":{"maxDelay":"2ms"},"slowThreshold":"50ms","requestLog":"None"}""");
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
