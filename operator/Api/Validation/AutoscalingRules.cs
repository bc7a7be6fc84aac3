namespace Slipway.Api.Validation;

/// <summary>
/// The CEL of autoscaling that looks at more than its own block. A container whose requests are not stated gets the default ones, and a limit
/// without a request is its own request.
/// </summary>
internal static class AutoscalingRules
{
    public const string CpuHasRequest = Before + "'Cpu'" + Between + "'cpu'" + After + "'cpu'" + End;
    public const string MemoryHasRequest = Before + "'Memory'" + Between + "'memory'" + After + "'memory'" + End;

    public const string CpuMessage = "a Cpu target is a percentage of the request: state cpu in spec.server.resources.requests, or leave resources out";
    public const string MemoryMessage = "a Memory target is a percentage of the request: state memory in spec.server.resources.requests, or leave resources out";

    public const string ConcurrencyIsReached =
        "!has(self.autoscaling) || !has(self.server) || self.server.maxConcurrency == 0 || self.autoscaling.metrics.all(m, m.type != 'Concurrency' || m.target < self.server.maxConcurrency)";

    public const string ConcurrencyMessage = "a Concurrency target must be less than spec.server.maxConcurrency: a pod that admits no more never gets above it, and none is added";

    private const string Before = "!has(self.autoscaling) || !has(self.server) || !has(self.server.resources) || !self.autoscaling.metrics.exists(m, m.type == ";
    private const string Between = ") || has(self.server.resources.requests) && ";
    private const string After = " in self.server.resources.requests || has(self.server.resources.limits) && ";
    private const string End = " in self.server.resources.limits";
}
