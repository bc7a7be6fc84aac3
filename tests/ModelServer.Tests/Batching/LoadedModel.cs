using System.Globalization;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Tests.Batching;

/// <summary>A model in memory with what its calls need, and no server around it.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-batching-");
    private readonly ServerMetrics _metrics = new("m", new LiveState(new()));

    public LoadedModel(byte[] model)
    {
        var file = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(file, model);
        Session = ModelSession.Load(file, new SessionSettings());
    }

    public ModelSession Session { get; }

    public RunCosts Costs { get; } = new();

    public CallScheduler Schedule(ExecutionPlan plan, TimeSpan maxDelay = default) => new(Session, plan, Costs, _metrics.Of("1"), TimeProvider.System, () => maxDelay);

    public ExecutionPlan Decide(BatchingSettings? asked = null) => new PlanProbe(Session, asked ?? new BatchingSettings(), workers: 1).Decide(Costs, CancellationToken.None);

    public ModelVersion Version(string version)
    {
        var plan = new ExecutionPlan { Execution = Execution.Inline };
        var scheduler = new CallScheduler(Session, plan, Costs, _metrics.Of(version), TimeProvider.System);
        return new ModelVersion("m", version, "", Session, scheduler, new Admission(plan, Costs, new LiveState(new())), _metrics.Of(version));
    }

    /// <summary>A call with rows of FP32 numbers.</summary>
    public InferCall Floats(long[] shape, params float[] values)
    {
        var call = Session.Rent();
        values.CopyTo(call.Prepare(0, shape, values.Length).Elements<float>());
        return call;
    }

    public InferCall Longs(params long[] values)
    {
        var call = Session.Rent();
        values.CopyTo(call.Prepare(0, [values.Length], values.Length).Elements<long>());
        return call;
    }

    public InferCall Texts(params string[] values)
    {
        var call = Session.Rent();
        var input = call.Prepare(0, [values.Length], values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            input.SetString(i, System.Text.Encoding.UTF8.GetBytes(values[i]));
        }

        return call;
    }

    public static RequestDeadline Deadline(CancellationToken aborted = default) => new(TimeSpan.FromMinutes(1), TimeProvider.System, aborted);

    /// <summary>Shape and elements, such as <c>[2,3] 1 2 3 4 5 6</c>.</summary>
    public static string Show(OutputTensor output)
    {
        var elements = output.Spec.Datatype switch
        {
            Datatype.FP32 => string.Join(' ', output.Elements<float>().ToArray().Select(each => each.ToString(CultureInfo.InvariantCulture))),
            Datatype.Int64 => string.Join(' ', output.Elements<long>().ToArray()),
            Datatype.Bytes => string.Join(' ', Enumerable.Range(0, output.Count).Select(i => System.Text.Encoding.UTF8.GetString(output.Text(i)))),
            var other => throw new ArgumentOutOfRangeException(nameof(output), other, "is not shown"),
        };
        return $"{TensorSpec.Format(output.Shape)} {elements}";
    }

    public void Dispose()
    {
        Session.Dispose();
        _metrics.Dispose();
        _folder.Delete(recursive: true);
    }
}
