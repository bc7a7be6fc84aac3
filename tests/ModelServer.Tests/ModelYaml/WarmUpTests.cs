using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.ModelYaml;

internal sealed class WarmUpTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task A_request_that_the_model_takes_lets_the_version_load(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            Folder("warmup: [{file: warm.json}, {request: {inputs: [{name: index, datatype: INT64, shape: [1], data: [9]}]}}]"), cancellationToken);

        server.Host.Lifecycle.IsReady.Should().BeTrue();
    }

    [TestCase("{request: {inputs: [{name: index, datatype: INT64, shape: [1], data: [10]}]}}", "warmup[0].request: the model failed: *")]
    [TestCase("{request: {inputs: [{name: other, datatype: INT64, shape: [1], data: [1]}]}}", "warmup[0].request: The model has no input 'other'; *")]
    [TestCase("{request: {inputs: []}}", "warmup[0].request: 'inputs' lacks 'index' *")]
    [TestCase("{file: none.json}", "warmup[0].file: there is no file 'none.json' in the version's folder")]
    [CancelAfter(60_000)]
    public async Task A_request_that_fails_fails_the_load_with_its_error(string request, string message, CancellationToken cancellationToken)
    {
        using var folder = Folder($"warmup: [{request}]");
        await using var server = await TestServer.StartAsync(TestServer.Settings(folder), cancellationToken);

        var load = () => server.Host.LoadAsync(cancellationToken);

        await load.Should().ThrowAsync<ModelRejectedException>().WithMessage($"model.yaml is wrong; correct it and upload a new version:\n  {message}");
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Batching_and_instances_of_the_file_are_obeyed(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(
            new ModelFolder().WithModel(TestModels.Double()).WithText("model.yaml", "batching: {mode: On, maxBatchSize: 5}\nruntime: {instances: 3}"),
            cancellationToken,
            settings => settings with { Batching = settings.Batching with { Mode = BatchingMode.Off } });

        using var status = await server.Http.GetAsync(new Uri("/v2/models/m", UriKind.Relative), cancellationToken);
        var plan = server.Host.Versions.Newest!.Scheduler.Plan;

        status.IsSuccessStatusCode.Should().BeTrue();
        plan.MaxBatchRows.Should().Be(5);
        plan.Workers.Should().Be(3);
    }

    private static ModelFolder Folder(string yaml) => new ModelFolder().WithModel(TestModels.Gather()).WithText("model.yaml", yaml)
        .WithText("warm.json", """{"inputs": [{"name": "index", "datatype": "INT64", "shape": [2], "data": [0, 1]}]}""");
}
