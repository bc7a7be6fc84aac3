using System.ComponentModel;
using System.Reflection;
using k8s;
using k8s.Models;

namespace Slipway.Api.Crd;

/// <summary>Makes the CustomResourceDefinition from the API types; <c>crds/</c> holds its output.</summary>
public static class CrdGenerator
{
    /// <summary>Name of the generated file.</summary>
    public const string FileName = $"{ModelDeployment.GroupName}_{ModelDeployment.Plural}.yaml";

    public static V1CustomResourceDefinition Build() => new()
    {
        ApiVersion = "apiextensions.k8s.io/v1",
        Kind = "CustomResourceDefinition",
        Metadata = new() { Name = $"{ModelDeployment.Plural}.{ModelDeployment.GroupName}" },
        Spec = new()
        {
            Group = ModelDeployment.GroupName,
            Scope = "Namespaced",
            Names = new()
            {
                Kind = ModelDeployment.KindName,
                ListKind = $"{ModelDeployment.KindName}List",
                Plural = ModelDeployment.Plural,
                Singular = "modeldeployment",
                ShortNames = ["md"],
                Categories = ["all"],
            },
            Versions =
            [
                new()
                {
                    Name = ModelDeployment.VersionName,
                    Served = true,
                    Storage = true,
                    AdditionalPrinterColumns = Columns(),
                    Schema = new() { OpenAPIV3Schema = Schema() },
                    Subresources = new()
                    {
                        Status = new Dictionary<string, object>(),
                        Scale = new()
                        {
                            SpecReplicasPath = ".spec.replicas",
                            StatusReplicasPath = ".status.replicas",
                            LabelSelectorPath = ".status.selector",
                        },
                    },
                },
            ],
        },
    };

    /// <summary>The definition as YAML, the way it is checked in.</summary>
    public static string Render() =>
        "# Generated from operator/Api by ./build.sh generate; do not edit.\n" + KubernetesYaml.Serialize(Build()).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    private static V1JSONSchemaProps Schema()
    {
        var type = typeof(ModelDeployment);
        return new()
        {
            Type = "object",
            Description = type.GetCustomAttribute<DescriptionAttribute>()!.Description,
            Required = ["spec"],
            Properties = new Dictionary<string, V1JSONSchemaProps>
            {
                ["apiVersion"] = new() { Type = "string" },
                ["kind"] = new() { Type = "string" },
                ["metadata"] = new() { Type = "object" },
                ["spec"] = Described(nameof(ModelDeployment.Spec), typeof(ModelDeploymentSpec)),
                ["status"] = Status(),
            },
            XKubernetesValidations = [.. type.GetCustomAttributes<CelAttribute>().Select(cel => new V1ValidationRule { Rule = cel.Rule, Message = cel.Message })],
        };
    }

    /// <summary>The default is of no generation: readers such as kstatus take an object that has no status yet for done.</summary>
    private static V1JSONSchemaProps Status()
    {
        var schema = Described(nameof(ModelDeployment.Status), typeof(ModelDeploymentStatus));
        schema.DefaultProperty = new Dictionary<string, object> { ["observedGeneration"] = ModelDeploymentStatus.Unseen };
        return schema;
    }

    private static V1JSONSchemaProps Described(string property, Type type)
    {
        var schema = SchemaBuilder.Build(type);
        schema.Description = typeof(ModelDeployment).GetProperty(property)!.GetCustomAttribute<DescriptionAttribute>()!.Description;
        return schema;
    }

    private static List<V1CustomResourceColumnDefinition> Columns() =>
    [
        new() { Name = "Ready", Type = "string", JsonPath = ".status.conditions[?(@.type==\"Ready\")].status", Description = "The whole spec is in force." },
        new() { Name = "Version", Type = "string", JsonPath = ".status.model.version", Description = "The version in force." },
        new() { Name = "Replicas", Type = "integer", JsonPath = ".status.readyReplicas", Description = "Pods that answer requests." },
        new() { Name = "Reason", Type = "string", JsonPath = ".status.conditions[?(@.type==\"Ready\")].reason", Description = "Why it is ready or not.", Priority = 1 },
        new() { Name = "Drift", Type = "number", JsonPath = ".status.drift.score", Description = "Population stability index of the feature that has strayed most.", Priority = 1 },
        new() { Name = "URL", Type = "string", JsonPath = ".status.url", Description = "Where the model answers inside the cluster.", Priority = 1 },
        new() { Name = "Age", Type = "date", JsonPath = ".metadata.creationTimestamp" },
    ];
}
