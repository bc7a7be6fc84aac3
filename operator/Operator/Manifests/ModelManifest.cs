using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Crd;
using Slipway.Api.Validation;
using Slipway.Operator.Desire;
using Slipway.Operator.Observe;

namespace Slipway.Operator.Manifests;

/// <summary>A ModelDeployment as somebody wrote it.</summary>
/// <param name="Model">Null when it cannot be read.</param>
/// <param name="Errors">All that is wrong with it; empty when the operator would act on it.</param>
internal sealed record ModelManifest(string Name, ModelDeployment? Model, IReadOnlyList<string> Errors)
{
    private static readonly k8s.Models.V1JSONSchemaProps Schema = CrdGenerator.Build().Spec.Versions[0].Schema.OpenAPIV3Schema;

    public static bool Is(JsonObject document) =>
        Text(document["kind"]) == ModelDeployment.KindName && Text(document["apiVersion"]).StartsWith($"{ModelDeployment.GroupName}/", StringComparison.Ordinal);

    /// <param name="namespace">Of an object that names none.</param>
    public static ModelManifest Read(JsonObject document, string @namespace)
    {
        var metadata = document["metadata"] as JsonObject;
        var name = $"{(Text(metadata?["namespace"]) is { Length: > 0 } own ? own : @namespace)}/{Text(metadata?["name"])}";
        List<FieldError> errors = [.. Version(document), .. SchemaCheck.Shape(Schema, document, "")];
        if (metadata is null || Text(metadata["name"]).Length == 0)
        {
            errors.Add(new("metadata.name", "is missing."));
        }

        if (errors.Count > 0)
        {
            return new(name, null, Sentences(errors));
        }

        if (KubernetesValues.Read<ModelDeployment>(document, "", out var unreadable) is not { } model)
        {
            return new(name, null, [$"{unreadable}"]);
        }

        model.Metadata.NamespaceProperty ??= @namespace;
        errors = [.. ModelDeploymentValidator.Validate(model)];
        errors.AddRange(SchemaCheck.Bounds(Schema, document, "").Where(bound => errors.All(error => error.Path != bound.Path)));
        return new(name, model, errors.Count > 0 ? Sentences(errors) : Unbuildable(model));
    }

    /// <summary>How messages name it; the file alone when nothing of it could be read.</summary>
    public string SubjectIn(string file) => Name.Length > 0 ? $"{file}: {Name}" : file;

    /// <summary>What the operator would make of a model that nothing exists of yet, in a cluster that has every optional API.</summary>
    public static Desired Desire(ModelDeployment model, DesireSettings settings) => Operator.Desire.Desired.For(
        new Observed(model, null, [], [], [], new Dictionary<string, ServerStatus>()) { Scalers = Scalers.None with { KedaServed = true, CustomMetricsServed = true }, Prometheus = PrometheusKinds.All },
        settings);

    // Which image and which Prometheus is the operator's affair; any will do to see whether a pod can be built.
    private static IReadOnlyList<string> Unbuildable(ModelDeployment model) =>
        Desire(model, new(OperatorOptions.DefaultServerImage, "http://prometheus")).Fault is { } fault ? [fault.Message] : [];

    private static IEnumerable<FieldError> Version(JsonObject document)
    {
        const string served = $"{ModelDeployment.GroupName}/{ModelDeployment.VersionName}";
        if (Text(document["apiVersion"]) is var version && version != served)
        {
            yield return new("apiVersion", $"'{version}' is not served; write {served}.");
        }
    }

    private static IReadOnlyList<string> Sentences(IEnumerable<FieldError> errors) => [.. errors.Select(error => error.ToString())];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
