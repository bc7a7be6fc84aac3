using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference;

/// <summary>Opens a model file with ONNX Runtime as the settings say.</summary>
internal static class SessionOpener
{
    /// <exception cref="ModelRejectedException">ONNX Runtime refused the file.</exception>
    public static InferenceSession Open(string modelFile, SessionSettings settings)
    {
        OnnxRuntimeEnvironment.Initialize();
        using var options = Options(settings);
        try
        {
            return new InferenceSession(modelFile, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw LoadFailure.Of(modelFile, exception);
        }
    }

    private static SessionOptions Options(SessionSettings settings)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = settings.IntraOpThreads,
            InterOpNumThreads = settings.InterOpThreads,
            ExecutionMode = IsParallel(settings) ? ExecutionMode.ORT_PARALLEL : ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = Level(settings.Optimization),
            EnableCpuMemArena = settings.MemoryArena,
            EnableMemoryPattern = settings.MemoryPattern,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // A thread that spins for work burns the pod's CPU quota between requests.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }

    private static bool IsParallel(SessionSettings settings) => settings.Execution switch
    {
        OperatorOrder.Auto => settings.InterOpThreads > 1,
        OperatorOrder.Sequential => false,
        OperatorOrder.Parallel => true,
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Execution, "is no order of operators"),
    };

    private static GraphOptimizationLevel Level(GraphOptimization optimization) => optimization switch
    {
        GraphOptimization.Disabled => GraphOptimizationLevel.ORT_DISABLE_ALL,
        GraphOptimization.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
        GraphOptimization.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
        GraphOptimization.All => GraphOptimizationLevel.ORT_ENABLE_ALL,
        _ => throw new ArgumentOutOfRangeException(nameof(optimization), optimization, "is no level of optimisation"),
    };
}
