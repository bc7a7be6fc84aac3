using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;

namespace Slipway.Runtime;

/// <summary>
/// Reads short strings of JSON into one instance each as far as it remembers them: what a cache holds of thousands of objects is the same few
/// keys and words over and over. Bounded: a string takes the place of another one with its hash. Safe for many threads, which at worst make a
/// string twice.
/// </summary>
public sealed class SharedStrings : JsonConverter<string>
{
    /// <summary>Bytes of UTF-8; longer ones are rarely the same.</summary>
    private const int Longest = 64;

    private const int Slots = 8192;

    private readonly string?[] _slots = new string?[Slots];

    /// <summary>Has every object that this process reads with KubernetesClient read so.</summary>
    /// <exception cref="InvalidOperationException">The client has read or written something already: it then keeps the options that it has.</exception>
    public static void UseInThisProcess() => KubernetesJson.AddJsonOptions(static options => options.Converters.Add(new SharedStrings()));

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : Text(ref reader);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Text(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private string Text(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > Longest)
        {
            return reader.GetString()!;
        }

        var hash = new HashCode();
        hash.AddBytes(reader.ValueSpan);
        ref var slot = ref _slots[hash.ToHashCode() & (Slots - 1)];
        return slot is { } known && Ascii.Equals(reader.ValueSpan, known) ? known : slot = reader.GetString()!;
    }
}
