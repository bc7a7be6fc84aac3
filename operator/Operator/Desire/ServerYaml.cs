using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Slipway.Operator.Desire;

/// <summary>Writes what a server reads of its ConfigMaps. What is null is left out, and left to the server.</summary>
internal static class ServerYaml
{
    private static readonly ISerializer Serializer = new SerializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull)
        .WithQuotingNecessaryStrings().Build();

    public static string Write(object config) => Serializer.Serialize(config);
}
