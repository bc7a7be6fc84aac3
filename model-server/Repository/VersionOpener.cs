using Microsoft.Extensions.Logging;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.ModelYaml;
using Slipway.ModelServer.Telemetry;

namespace Slipway.ModelServer.Repository;

/// <summary>Makes a version that answers of the files of one that lie on disk: opens the model, puts what <c>model.yaml</c> says around it, warms it up.</summary>
internal sealed class VersionOpener(ServerSettings settings, LiveState live, ServerMetrics metrics, TimeProvider clock, ILogger logger)
{
    /// <summary>Blocks for as long as the model is large.</summary>
    /// <exception cref="ModelRejectedException">This version can never load.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled during a run.</exception>
    public ModelVersion Open(string version, FetchedVersion fetched, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(fetched.ModelFile) ?? throw new ArgumentException("The model file is in no folder.", nameof(fetched));
        var config = ModelConfigFile.Read(folder);
        var baseline = BaselineFile.Read(folder);
        ExternalData.RequireInside(fetched.ModelFile);
        var runtime = config.Runtime.Over(settings.Session);
        var session = ModelSession.Load(fetched.ModelFile, runtime, new PipelineBuilder(config, folder).Build);
        try
        {
            var drift = baseline is null ? null : BaselineBinding.Bind(baseline, session);
            WarmUp.Run(session, config.WarmUp, folder, settings.Limits, cancellationToken);
            return Prepare(version, fetched.Digest, session, config, runtime, drift, cancellationToken);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private ModelVersion Prepare(
        string version, string digest, ModelSession session, ModelConfig config, SessionSettings runtime, DriftPlan? drift, CancellationToken cancellationToken)
    {
        var costs = new RunCosts();
        var workers = Workers.For(runtime, Environment.ProcessorCount);
        var plan = new PlanProbe(session, config.Batching.Over(settings.Batching), workers).Decide(costs, cancellationToken);
        Log.Planned(logger, plan.Execution.Name(), plan.Workers, plan.MaxBatchRows, plan.Reason);
        var versionMetrics = metrics.Of(version);
        if (drift is not null)
        {
            versionMetrics.Watch(drift);
        }

        var scheduler = new CallScheduler(session, plan, costs, versionMetrics, clock, () => config.Batching.MaxDelay ?? live.Current.MaxDelay);
        var admission = new Admission(plan, costs, live);
        return new ModelVersion(settings.Model, version, digest, session, scheduler, admission, versionMetrics) { DisplayName = config.Name };
    }
}
