using System.Globalization;
using k8s.Models;
using Slipway.Api;
using Slipway.Runtime;

namespace Slipway.Operator.Monitoring;

/// <summary>
/// What the status of each ModelDeployment says, as text for Prometheus. The SDK keeps a series for as long as its meter lives, and a bounded number of
/// them; these go with their objects and are as many as there are.
/// </summary>
internal static class ModelMetrics
{
    public const string Condition = "slipway_modeldeployment_status_condition";
    public const string Replicas = "slipway_modeldeployment_replicas";
    public const string MostReplicas = "slipway_modeldeployment_replicas_max";
    public const string ScaledToZero = "slipway_modeldeployment_scaled_to_zero";

    private const int BufferBytes = 16 * 1024;

    private static readonly string[] Statuses = ["True", "False", "Unknown"];

    /// <summary>Adds the series to what the exporter answers, whose plain form, not compressed, is the only one that can be added to.</summary>
    public static async Task AppendAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path != "/metrics")
        {
            await next(context);
            return;
        }

        context.Request.Headers.Accept = "text/plain";
        context.Request.Headers.AcceptEncoding = default;
        await next(context);
        await using var body = new StreamWriter(context.Response.Body, leaveOpen: true, bufferSize: BufferBytes);
        foreach (var text in Series(context.RequestServices.GetRequiredService<IObjectStore<ModelDeployment>>().List()))
        {
            await body.WriteAsync(text.AsMemory(), context.RequestAborted);
        }
    }

    /// <summary>Piece by piece, for there may be thousands of models.</summary>
    public static IEnumerable<string> Series(IReadOnlyList<ModelDeployment> models) => Enumerable.Empty<string>()
        .Append(Head(Condition, "Conditions of a ModelDeployment: 1 for the status that each of them has."))
        .Concat(models.SelectMany(Conditions))
        .Append(Head(Replicas, "Pods that a ModelDeployment has."))
        .Concat(models.Where(model => model.Status is { ObservedGeneration: not ModelDeploymentStatus.Unseen }).Select(model => Line(Replicas, Labels(model), model.Status!.Replicas)))
        .Append(Head(MostReplicas, "Pods that the autoscaler of a ModelDeployment may make, where it has a choice."))
        .Concat(models.Where(model => model.Spec.Autoscaling is { } scaling && scaling.MaxReplicas > scaling.MinReplicas).Select(model => Line(MostReplicas, Labels(model), model.Spec.Autoscaling!.MaxReplicas)))
        .Append(Head(ScaledToZero, "1 for a ModelDeployment that is to have no pods."))
        .Concat(models.Select(model => (Model: model, Serving: Find(model, ConditionTypes.Serving))).Where(told => told.Serving is not null)
            .Select(told => Line(ScaledToZero, Labels(told.Model), told.Serving!.Reason == Reasons.ScaledToZero.Name ? 1 : 0)));

    private static IEnumerable<string> Conditions(ModelDeployment model) =>
        from condition in model.Status?.Conditions ?? []
        from status in Statuses
        select Line(Condition, $"{Labels(model)},type=\"{condition.Type}\",status=\"{status}\"", condition.Status == status ? 1 : 0);

    private static V1Condition? Find(ModelDeployment model, string type) => model.Status?.Conditions.FirstOrDefault(condition => condition.Type == type);

    // Names of objects need no escaping.
    private static string Labels(ModelDeployment model) => $"namespace=\"{model.Metadata.NamespaceProperty}\",name=\"{model.Metadata.Name}\"";

    private static string Line(string name, string labels, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value}\n");

    private static string Head(string name, string help) => $"# HELP {name} {help}\n# TYPE {name} gauge\n";
}
