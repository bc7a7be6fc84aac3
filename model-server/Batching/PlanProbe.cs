using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Batching;

/// <summary>Warms a model up on made-up rows and decides from what it sees how calls are to be run.</summary>
internal sealed class PlanProbe(ModelSession session, BatchingSettings asked, int workers)
{
    /// <summary>Below this, handing a call over costs more (5-16 µs) than keeping the cores apart gains; see <c>tests/Benchmarks</c>.</summary>
    public static readonly TimeSpan InlineLimit = TimeSpan.FromMicroseconds(100);

    // Rows together must cost less than this share of rows apart to be worth their waiting for one another.
    private const double WorthIt = 0.9;
    private const int Runs = 5;
    private const int RowsTogether = 8;

    /// <exception cref="OperationCanceledException">The token was cancelled; a run that goes on and on is ended by it.</exception>
    /// <exception cref="ModelRejectedException">Batching was asked for and the model does not allow it.</exception>
    public ExecutionPlan Decide(RunCosts costs, CancellationToken cancellationToken)
    {
        if (asked.Mode == BatchingMode.On && session.GraphInputs.Concat(session.Outputs).FirstOrDefault(spec => spec.Shape is not [< 0, ..]) is { } rigid)
        {
            throw new ModelRejectedException(
                $"Batching is switched on, but the first axis of {rigid} is not dynamic; switch it off, or export the model with a dynamic first axis.");
        }

        try
        {
            var single = Fastest(rows: 1, cancellationToken);
            costs.Learn(single, rows: 1, calls: 1);
            return Plan(single, cancellationToken);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or InvalidDataException or ServingException)
        {
            var why = $"it refused made-up rows ({OrtMessage.Of(exception)}), so that it was neither warmed up nor measured";
            return Alone(Execution.Worker, why) with { MaxBatchRows = asked.Mode == BatchingMode.On ? asked.MaxBatchSize : 1 };
        }
    }

    private ExecutionPlan Plan(TimeSpan single, CancellationToken cancellationToken)
    {
        if (asked.Mode == BatchingMode.On)
        {
            return Together("batching is switched on");
        }

        if (single < InlineLimit)
        {
            return Alone(Execution.Inline, Invariant($"a row takes {single.TotalMicroseconds:0} µs"));
        }

        if (asked.Mode == BatchingMode.Off || asked.MaxBatchSize < 2)
        {
            return Alone(Execution.Worker, "batching is switched off");
        }

        if ((WhyNot(session) ?? RowComparison.WhyNot(session, cancellationToken)) is { } reason)
        {
            return Alone(Execution.Worker, reason);
        }

        var rows = Math.Min(RowsTogether, asked.MaxBatchSize);
        var share = Fastest(rows, cancellationToken) / rows / single;
        return share < WorthIt
            ? Together(Invariant($"a row of {rows} takes {share:0.00} of the time of a row alone"))
            : Alone(Execution.Worker, Invariant($"a row of {rows} takes {share:0.00} of the time of a row alone, so that batching would gain nothing"));
    }

    /// <returns>Null when rows can be told from one another in every tensor, else why not.</returns>
    private static string? WhyNot(ModelSession session)
    {
        if (session.GraphInputs.Count == 0)
        {
            return "it takes no input";
        }

        var axis = session.GraphInputs[0].FirstAxis;
        var other = session.GraphInputs.Concat(session.Outputs).FirstOrDefault(spec => spec.FirstAxis.Length == 0 || spec.FirstAxis != axis);
        return other is null ? null : $"the first axis of {other} is not the named axis of rows that all tensors share";
    }

    private TimeSpan Fastest(int rows, CancellationToken cancellationToken)
    {
        using var call = session.Rent();
        if (SampleRows.Fill(call, firstRow: 0, rows) is { } reason)
        {
            throw new InvalidDataException(reason);
        }

        var fastest = TimeSpan.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            session.Run(call, cancellationToken).Dispose();
            var took = Stopwatch.GetElapsedTime(start);
            fastest = took < fastest ? took : fastest;
            if (took > TimeSpan.FromSeconds(1))
            {
                break; // a heavy model is warm, and known as heavy, after one run
            }
        }

        return fastest;
    }

    private ExecutionPlan Alone(Execution execution, string reason) => new() { Execution = execution, Workers = workers, Reason = reason };

    private ExecutionPlan Together(string reason) => new()
    {
        Execution = Execution.Worker,
        Workers = workers,
        MaxBatchRows = asked.MaxBatchSize,
        Reason = reason,
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
