using System.CommandLine;
using Slipway.Api;

namespace Slipway.ModelServer.Commands;

/// <summary>The options of <c>serve</c> that say how requests are served: batching, admission, ONNX Runtime. One that is not given leaves what the file says.</summary>
internal sealed class ServingOptions
{
    private readonly Option<string?> _batching = new("--batching") { Description = "Auto (the default) runs calls together when the model allows it and it is cheaper; On; Off" };
    private readonly Option<int?> _maxBatchSize = new("--max-batch-size") { Description = "rows that run together at most (32)" };
    private readonly Option<string?> _maxBatchDelay = new("--max-batch-delay") { Description = "how long a call may wait for others to join it (0s: it takes only those that wait already)" };
    private readonly Option<int?> _maxConcurrency = new("--max-concurrency") { Description = "requests under way at most; more are answered 429 (0: as many as fit their deadlines)" };
    private readonly Option<string?> _slowThreshold = new("--slow-threshold") { Description = "requests that take longer are counted as slow (1s)" };
    private readonly Option<string?> _requestLog = new("--request-log") { Description = "requests that get a line of log, without what they hold: None (the default), Errors, All" };
    private readonly Option<int?> _intraOp = new("--intra-op-threads") { Description = "threads inside one operator of the graph (1)" };
    private readonly Option<int?> _interOp = new("--inter-op-threads") { Description = "threads across operators of the graph (1)" };
    private readonly Option<string?> _optimization = new("--graph-optimization") { Description = "how far the graph is rewritten at load: Disabled, Basic, Extended, All (the default)" };
    private readonly Option<string?> _execution = new("--execution-mode") { Description = "Sequential, Parallel, or Auto (the default): in parallel when there is more than one thread for it" };
    private readonly Option<bool?> _memoryArena = new("--memory-arena") { Description = "whether memory is kept between runs (true)" };
    private readonly Option<bool?> _memoryPattern = new("--memory-pattern") { Description = "whether the memory of a shape is planned once (true)" };
    private readonly Option<int?> _instances = new("--instances") { Description = "calls that run at a time (0: as many as the CPU limit carries with --intra-op-threads each)" };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _batching, _maxBatchSize, _maxBatchDelay, _maxConcurrency, _slowThreshold, _requestLog, _intraOp, _interOp, _optimization,
            _execution, _memoryArena, _memoryPattern, _instances,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What the file says, with what was given on the command line in its place.</summary>
    public ServerConfig Over(ServerConfig file, ParseResult parsed) => file with
    {
        Batching = new()
        {
            Mode = parsed.GetValue(_batching) ?? file.Batching.Mode,
            MaxBatchSize = parsed.GetValue(_maxBatchSize) ?? file.Batching.MaxBatchSize,
            MaxDelay = parsed.GetValue(_maxBatchDelay) ?? file.Batching.MaxDelay,
        },
        Runtime = new()
        {
            IntraOpThreads = parsed.GetValue(_intraOp) ?? file.Runtime.IntraOpThreads,
            InterOpThreads = parsed.GetValue(_interOp) ?? file.Runtime.InterOpThreads,
            Optimization = parsed.GetValue(_optimization) ?? file.Runtime.Optimization,
            Execution = parsed.GetValue(_execution) ?? file.Runtime.Execution,
            MemoryArena = parsed.GetValue(_memoryArena) ?? file.Runtime.MemoryArena,
            MemoryPattern = parsed.GetValue(_memoryPattern) ?? file.Runtime.MemoryPattern,
            Instances = parsed.GetValue(_instances) ?? file.Runtime.Instances,
        },
        MaxConcurrency = parsed.GetValue(_maxConcurrency) ?? file.MaxConcurrency,
        SlowThreshold = parsed.GetValue(_slowThreshold) ?? file.SlowThreshold,
        RequestLog = parsed.GetValue(_requestLog) ?? file.RequestLog,
    };
}
