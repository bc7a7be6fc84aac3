using Slipway.DevCluster.ApiServer.Cel;
using Slipway.DevCluster.ApiServer.Schemas;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>One CEL rule, ready to run. Exactly one of <paramref name="Program"/> and <paramref name="Fault"/> is there.</summary>
internal sealed record CompiledRule(CelRule Rule, CelProgram? Program, CelProgram? Message, string? Fault)
{
    /// <summary><see cref="CelRule.FieldPath"/> as it continues a path: no leading dot, keys in brackets without quotes.</summary>
    public string FieldPath { get; } = Rule.FieldPath.TrimStart('.').Replace("['", "[", StringComparison.Ordinal).Replace("']", "]", StringComparison.Ordinal);

    public static CompiledRule From(CelRule rule, CelType type)
    {
        var optional = rule.OptionalOldSelf == true;
        try
        {
            return new CompiledRule(
                rule,
                CelProgram.Compile(rule.Rule, type, optional),
                rule.MessageExpression.Length == 0 ? null : CelProgram.Compile(rule.MessageExpression, type, optional),
                null);
        }
        catch (CelException e)
        {
            return new CompiledRule(rule, null, null, e.Report(rule.Rule));
        }
    }

    /// <summary>What the rule is called where it could not be evaluated: by its author's message, else by itself.</summary>
    public string Text => Rule.Message.Trim() is { Length: > 0 } message ? message : Rule.Rule.Trim();

    /// <summary>What the rule's author wants to be said when it does not hold; the rule itself when there is no message.</summary>
    public string Sentence => Rule.Message.Trim() is { Length: > 0 } message ? message : "failed rule: " + Rule.Rule.Trim();
}
