using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using YamlDotNet.Serialization;

namespace Slipway.Operator.Monitoring;

/// <summary>The Prometheus Operator's PrometheusRule, as much of it as is written here.</summary>
[KubernetesEntity(Group = "monitoring.coreos.com", ApiVersion = "v1", Kind = KubeKind, PluralName = "prometheusrules")]
internal sealed class PrometheusRule : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "PrometheusRule";
    public const string KubeApiVersion = "monitoring.coreos.com/v1";

    public string ApiVersion { get; set; } = KubeApiVersion;
    public string Kind { get; set; } = KubeKind;
    public V1ObjectMeta Metadata { get; set; } = new();
    public RuleGroups? Spec { get; set; }
}

/// <summary>Also the content of a rule file, as Prometheus and promtool read it.</summary>
internal sealed record RuleGroups(IReadOnlyList<RuleGroup> Groups);

/// <summary>Rules that are evaluated one after the other, at one moment.</summary>
internal sealed record RuleGroup
{
    public required string Name { get; init; }

    /// <summary>In Prometheus' words.</summary>
    public required string Interval { get; init; }

    public required IReadOnlyList<Rule> Rules { get; init; }
}

/// <summary>Either a record or an alert.</summary>
internal sealed record Rule
{
    public string? Record { get; init; }

    public string? Alert { get; init; }

    public required string Expr { get; init; }

    public string? For { get; init; }

    [JsonPropertyName("keep_firing_for"), YamlMember(Alias = "keep_firing_for", ApplyNamingConventions = false)]
    public string? KeepFiringFor { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>A series that is computed, for dashboards and for the rules that follow.</summary>
    public static Rule Recording(string name, string expression) => new() { Record = name, Expr = expression };
}
