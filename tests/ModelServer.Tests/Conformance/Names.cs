using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>The protocol's names of datatypes.</summary>
internal static class Names
{
    public static Datatype Datatype(string name) => Enum.GetValues<Datatype>().Single(datatype => datatype.Name() == name);
}
