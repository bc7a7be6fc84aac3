using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Feedback;
using Slipway.ModelServer.Health;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>The REST transport over a loaded model, without a socket: for tests that send more requests than sockets could carry.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly ModelFolder _folder;
    private readonly ServerMetrics _metrics = new("m", new LiveState(new()), TimeProvider.System);
    private readonly FeedbackBook _feedback = new("m", TimeProvider.System);
    private readonly ModelVersion _version;
    private readonly RestTransport _transport;

    public LocalServer(byte[] model)
    {
        _folder = new ModelFolder().WithModel(model);
        var session = ModelSession.Load(Path.Combine(_folder.Path, "1", "model.onnx"), new SessionSettings());
        var costs = new RunCosts();
        var plan = new ExecutionPlan { Execution = Execution.Inline };
        costs.Learn(TimeSpan.FromMicroseconds(1), rows: 1, calls: 1);
        var metrics = _metrics.Of("1");
        _version = new ModelVersion(
            "m", "1", "", session, new CallScheduler(session, plan, costs, metrics, TimeProvider.System), new Admission(plan, costs, new LiveState(new())), metrics);
        var versions = new VersionTable();
        var lifecycle = new ServerLifecycle("m", "1", versions);
        lifecycle.Loaded(_version);
        var plane = new ServingDataPlane("m", versions, lifecycle, new InFlight(), metrics, TimeSpan.FromSeconds(30), TimeProvider.System)
        {
            Log = new RequestLog(new LiveState(new()), NullLogger.Instance),
        };
        var bodies = new BodyBudget(1 << 30);
        _transport = new RestTransport(
            plane,
            bodies,
            new InferHandler(plane, bodies, 1 << 20, new RequestLimits(), NullLogger<InferHandler>.Instance),
            new FeedbackHandler(plane, bodies, 1 << 20, _feedback, () => null, NullLogger<FeedbackHandler>.Instance));
    }

    /// <param name="jsonBytes">Value of the header of the binary extension; null leaves it out.</param>
    public async Task<(int Status, string Answer)> PostAsync(string path, byte[] body, string? jsonBytes)
    {
        using var answer = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        http.Features.Set<IRequestBodyPipeFeature>(new WholeBody(PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(body))));
        http.Request.Method = "POST";
        http.Request.Path = path;
        http.Request.ContentLength = body.Length;
        if (jsonBytes is not null)
        {
            http.Request.Headers[RestCalls.BinaryHeader] = jsonBytes;
        }

        await _transport.HandleAsync(http);
        await http.Response.BodyWriter.FlushAsync();
        return (http.Response.StatusCode, Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length));
    }

    public async ValueTask DisposeAsync()
    {
        await _version.RetireAsync();
        _metrics.Dispose();
        _feedback.Dispose();
        _folder.Dispose();
    }

    private sealed record WholeBody(PipeReader Reader) : IRequestBodyPipeFeature;
}
