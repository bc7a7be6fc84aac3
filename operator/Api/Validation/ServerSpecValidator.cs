namespace Slipway.Api.Validation;

/// <summary>The rules of <c>spec.server</c>.</summary>
internal static class ServerSpecValidator
{
    public static IEnumerable<FieldError> Validate(ServerSpec? server) => server is null
        ? []
        : [.. RequestTimeout(server), .. Batching(server), .. Threads(server.Threads), .. Runtime(server.Runtime), .. Concurrency(server), .. RequestLog(server), .. Resources(server.Resources ?? new())];

    private static IEnumerable<FieldError> RequestTimeout(ServerSpec server) =>
        ModelDeploymentValidator.Duration("spec.server.requestTimeout", server.RequestTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));

    private static IEnumerable<FieldError> Batching(ServerSpec server)
    {
        const string path = "spec.server.batching";
        var batching = server.Batching;
        var delays = ModelDeploymentValidator.Duration($"{path}.maxDelay", batching.MaxDelay, TimeSpan.Zero, TimeSpan.FromSeconds(10)).ToList();
        if (delays.Count == 0 && !RequestTimeout(server).Any() && GoDuration.Parse(batching.MaxDelay) >= GoDuration.Parse(server.RequestTimeout))
        {
            delays.Add(new($"{path}.maxDelay", $"{batching.MaxDelay} is not less than spec.server.requestTimeout ({server.RequestTimeout}), so that requests would time out while they wait for others."));
        }

        return
        [
            .. FieldChecks.Word($"{path}.mode", batching.Mode, "Auto", "On", "Off"),
            .. FieldChecks.Number($"{path}.maxBatchSize", batching.MaxBatchSize, 1, 65_536),
            .. delays,
        ];
    }

    private static IEnumerable<FieldError> Threads(ThreadsSpec threads) =>
        [.. FieldChecks.Number("spec.server.threads.intraOp", threads.IntraOp, 1, 256), .. FieldChecks.Number("spec.server.threads.interOp", threads.InterOp, 1, 256)];

    private static IEnumerable<FieldError> Runtime(RuntimeSpec runtime) =>
    [
        .. FieldChecks.Word("spec.server.runtime.optimization", runtime.Optimization, "Disabled", "Basic", "Extended", "All"),
        .. FieldChecks.Word("spec.server.runtime.execution", runtime.Execution, "Auto", "Sequential", "Parallel"),
        .. FieldChecks.Number("spec.server.runtime.instances", runtime.Instances, 0, 1024),
    ];

    private static IEnumerable<FieldError> Concurrency(ServerSpec server) => FieldChecks.Number("spec.server.maxConcurrency", server.MaxConcurrency, 0, 1_000_000);

    private static IEnumerable<FieldError> RequestLog(ServerSpec server) => FieldChecks.Word("spec.server.requestLog", server.RequestLog, "None", "Errors", "All");

    private static IEnumerable<FieldError> Resources(ResourceRequirements resources)
    {
        const string path = "spec.server.resources";
        foreach (var (name, written) in resources.Requests)
        {
            if (written.Value is { } request && resources.Limits.TryGetValue(name, out var most) && most.Value is { } limit && request.ToDecimal() > limit.ToDecimal())
            {
                yield return new($"{path}.requests.{name}", $"{request} is more than the limit of {limit}.");
            }
        }

        foreach (var error in Quantities($"{path}.requests", resources.Requests).Concat(Quantities($"{path}.limits", resources.Limits)))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Quantities(string path, IReadOnlyDictionary<string, Quantity> quantities) =>
        quantities.Where(quantity => quantity.Value.Value is null).Select(quantity => new FieldError($"{path}.{quantity.Key}", quantity.Value.Refusal));
}
