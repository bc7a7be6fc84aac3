using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>
/// Reads quantities of the cluster's objects as far as KubernetesClient can compute with them. The API server takes exponents over which it would
/// spend minutes, and it never ends when it writes out a negative number with one; all other objects, and all other reconciles, would wait for that.
/// An object with such a quantity counts as one that cannot be read.
/// </summary>
public sealed partial class ClusterQuantities : JsonConverter<ResourceQuantity>
{
    private const string Number = @"([0-9]{1,28}(\.[0-9]{0,28})?|\.[0-9]{1,28})";

    /// <summary>Has every object that this process reads with KubernetesClient read so.</summary>
    /// <exception cref="InvalidOperationException">The client has read or written something already: it then keeps the options that it has.</exception>
    public static void UseInThisProcess() => KubernetesJson.AddJsonOptions(static options => options.Converters.Add(new ClusterQuantities()));

    public override ResourceQuantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return Parse(value.RootElement.ToString()) ?? throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, ResourceQuantity value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    /// <summary>Null when the text is no quantity, or one that cannot be computed with.</summary>
    internal static ResourceQuantity? Parse(string text) => Bounded().IsMatch(text) ? new ResourceQuantity(text) : null;

    [GeneratedRegex($@"^([+-]?{Number}(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?|\+?{Number}[eE][+-]?[0-9]{{1,2}})\z")]
    private static partial Regex Bounded();
}
