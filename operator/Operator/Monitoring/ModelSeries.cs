using Slipway.Api;

namespace Slipway.Operator.Monitoring;

/// <summary>The series of one model among those of all. Every name in a rule is selected by it, so that the rules of one model never read or write those of another.</summary>
internal sealed record ModelSeries(string Namespace, string Model)
{
    /// <summary>Labels that are left when only the model counts; records of that level begin with <c>model:</c>.</summary>
    public const string ByModel = "namespace, model";

    /// <summary>Records of this level begin with <c>version:</c>.</summary>
    public const string ByVersion = "namespace, model, version";

    public static ModelSeries Of(ModelDeployment model) => new(model.Metadata.NamespaceProperty, model.Metadata.Name);

    /// <param name="matchers">Further ones, as <c>bin="low"</c>.</param>
    public string Select(string metric, params IEnumerable<string> matchers) =>
        $"{metric}{{{string.Join(", ", [$"namespace=\"{Namespace}\"", $"model=\"{Model}\"", .. matchers])}}}";

    /// <summary>What a counter grew by in a window, of all pods together.</summary>
    public string Increase(string by, string counter, string window, params IEnumerable<string> matchers) =>
        $"sum by ({by}) (increase({Select(counter, matchers)}[{window}]))";

    /// <summary>How fast a counter grows, of all pods together.</summary>
    public string Rate(string by, string counter, string window, params IEnumerable<string> matchers) =>
        $"sum by ({by}) (rate({Select(counter, matchers)}[{window}]))";
}
