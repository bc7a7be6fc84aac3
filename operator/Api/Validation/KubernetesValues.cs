using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Slipway.Api.Validation;

/// <summary>Reads values that somebody wrote as Kubernetes' types, and tells what does not fit with its place.</summary>
public static class KubernetesValues
{
    private const string Misfit = "is of another type than the field is.";
    private static readonly JsonSerializerOptions Options = WithPlaces();

    /// <summary>The value as <typeparamref name="T"/>; null, and why as <paramref name="error"/>, when it does not fit.</summary>
    /// <param name="path">Where the user wrote it; empty for a whole object.</param>
    public static T? Read<T>(JsonNode written, string path, out FieldError? error)
        where T : class => Try(() => KubernetesJson.Deserialize<T>(written.ToJsonString(), Options), path, out error);

    /// <summary>The value as it is sent to Kubernetes; null, and why as <paramref name="error"/>, when that cannot be done.</summary>
    /// <inheritdoc cref="Read"/>
    internal static JsonNode? Write<T>(T value, string path, out FieldError? error)
        where T : class => Try(() => JsonNode.Parse(KubernetesJson.Serialize(value)), path, out error);

    // What a client's type throws at a user's text is the user's to mend, and must not become a reconcile that fails for ever.
    private static T? Try<T>(Func<T?> convert, string path, out FieldError? error)
        where T : class
    {
        error = null;
        try
        {
            return convert();
        }
        catch (JsonException exception)
        {
            // The reader's own messages speak of .NET types.
            error = new($"{path}{exception.Path?[1..]}".TrimStart('.'), exception is QuantityException ? exception.Message : Misfit);
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or NotSupportedException or ArgumentException or ArithmeticException)
        {
            error = new(path, exception.Message);
        }

        return null;
    }

    private static JsonSerializerOptions WithPlaces()
    {
        JsonSerializerOptions? own = null;
        KubernetesJson.AddJsonOptions(options => own = new(options));
        own!.Converters.Insert(0, new QuantityReader());
        own.Converters.Insert(0, new PortReader());
        return own;
    }

    private sealed class QuantityException(string message) : JsonException(message);

    /// <summary>The client's own reader takes what its writer never ends with, and throws what the serializer does not know, so that the place is lost.</summary>
    private sealed class QuantityReader : JsonConverter<ResourceQuantity>
    {
        public override ResourceQuantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var quantity = Quantity.Read(ref reader);
            return quantity.Value ?? throw new QuantityException(quantity.Refusal);
        }

        public override void Write(Utf8JsonWriter writer, ResourceQuantity value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    /// <inheritdoc cref="QuantityReader"/>
    private sealed class PortReader : JsonConverter<IntOrString>
    {
        public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
