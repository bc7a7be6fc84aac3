using Slipway.Api;
using Slipway.EndToEnd.Tests.Support;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.EndToEnd.Tests.Images;

[OwnCluster(OwnClusterAttribute.Processes)]
internal sealed class ServerImageTests() : ImageTest("slipway-server")
{
    private readonly SharedFolder _folder = new();

    // Loopback addresses of local clusters lie elsewhere, and other runs have other numbers.
    private readonly string _address = $"127.97.{Environment.ProcessId / 254 % 256}.{(Environment.ProcessId % 254) + 1}";

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void It_holds_its_own_systems_runtime_and_no_other()
    {
        var names = Image.Files().Select(Path.GetFileName).ToList();

        names.Should().ContainSingle(file => file == "libonnxruntime.so");
        names.Where(file => file is "onnxruntime.dll" or "onnxruntime_providers_shared.dll" or "libonnxruntime.dylib").Should().BeEmpty();
    }

    [Test]
    public async Task It_predicts_without_privileges_on_a_read_only_root_and_drains_when_told_to_stop()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, ServerContract.ConfigFile), "model: fraud-detector\nuri: file:///models/fraud-detector\nversion: \"2\"\n");
        var mounts = new Dictionary<string, string> { [ServerContract.ConfigDirectory] = _folder.Path, ["/models"] = Repository.Sample("fraud-detection/models") };
        using var server = new ImageProcess(Image, mounts, new Dictionary<string, string> { [ServerContract.BindAddressVariable] = _address }, "serve");
        using var client = new HttpClient { BaseAddress = new($"http://{_address}:{ServerContract.HttpPort}") };
        await Eventually.TrueAsync(() => ReadyAsync(server, client), () => $"the server is ready: {server.Output}", Limit);

        server.Status("Uid").Should().OnlyContain(id => id == "65532");
        server.Status("CapEff").Should().Equal("0000000000000000");
        var answer = await Prediction.SendAsync(client, "fraud-detector", CancellationToken.None);
        ((string?)answer["model_version"]).Should().Be("2");
        Prediction.Labels(answer).Should().Equal(0, 1);

        await server.SignalAsync("TERM");
        (await server.ExitCodeAsync(Limit)).Should().Be(0, server.Output);
    }

    [Test]
    public async Task It_knows_the_locale_that_text_models_name()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "model.onnx"), Onnx.Model(
            [Onnx.Node("StringNormalizer", ["x"], ["y"], Onnx.TextAttribute("case_change_action", "LOWER"), Onnx.TextAttribute("locale", "en_US.UTF-8"))],
            [Onnx.Value("x", OnnxType.String, 1)],
            [Onnx.Value("y", OnnxType.String, -1)]));
        var mounts = new Dictionary<string, string> { ["/model"] = _folder.Path };
        using var inspect = new ImageProcess(Image, mounts, Nothing, "inspect", "--model", "/model/model.onnx");

        (await inspect.ExitCodeAsync(Limit)).Should().Be(0, inspect.Output);

        inspect.Output.Should().MatchRegex(@"output\s+BYTES\s.*y");
    }

    private static async Task<bool> ReadyAsync(ImageProcess server, HttpClient client)
    {
        server.HasExited.Should().BeFalse(server.Output);
        try
        {
            using var answer = await client.GetAsync(new Uri(ServerContract.ReadyPath, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }
}
