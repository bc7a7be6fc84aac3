namespace Slipway.DevCluster.Commands;

/// <summary>What was applied, as far as waiting for it and talking of it needs.</summary>
internal sealed record AppliedObject(string Kind, string Plural, string Namespace, string Name)
{
    public bool IsModel => Kind == Api.ModelDeployment.KindName;

    public override string ToString() => $"{Plural}/{Name}";
}
