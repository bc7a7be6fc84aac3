using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.ModelServer.Storage;

/// <summary>One page of a listing, as the JSON API writes it. Numbers are strings there.</summary>
internal sealed record GcsPage(IReadOnlyList<GcsObject>? Items, IReadOnlyList<string>? Prefixes, string? NextPageToken)
{
    /// <exception cref="StoreException">It is no listing.</exception>
    public static GcsPage Read(string body)
    {
        try
        {
            var page = JsonSerializer.Deserialize(body, GcsJson.Default.GcsPage);
            return page?.Items?.All(item => item.IsWhole) ?? page is not null ? page! : throw new JsonException("an object lacks its name, size or generation");
        }
        catch (JsonException exception)
        {
            throw new StoreException(StoreTrouble.Transient, $"Storage answered with something that is no listing: {exception.Message}.", exception);
        }
    }
}

/// <summary>One object of a listing.</summary>
/// <param name="Generation">Changes with each upload.</param>
internal sealed record GcsObject(string Name, string Size, string Generation)
{
    public bool IsWhole => Name is not null && Generation is { Length: > 0 } && Generation.All(char.IsAsciiDigit)
        && long.TryParse(Size, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GcsPage))]
internal sealed partial class GcsJson : JsonSerializerContext;
