using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>How a body is compressed.</summary>
internal enum ContentCoding
{
    Identity,
    Gzip,

    /// <summary>The zlib format, as HTTP means it.</summary>
    Deflate,
    Brotli,
}

/// <summary>The names of the codings, and what a request says with them.</summary>
internal static class ContentCodings
{
    public static string Name(ContentCoding coding) => coding switch
    {
        ContentCoding.Identity => "identity",
        ContentCoding.Gzip => "gzip",
        ContentCoding.Deflate => "deflate",
        ContentCoding.Brotli => "br",
        _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "has no name"),
    };

    /// <summary>How the request's body is compressed.</summary>
    /// <exception cref="ServingException">In a way that the server does not know, or more than once.</exception>
    public static ContentCoding OfBody(HttpRequest request)
    {
        var given = request.Headers.ContentEncoding;
        if (given.Count == 0)
        {
            return ContentCoding.Identity;
        }

        return given is [{ } name] && TryParse(name.AsSpan().Trim(), out var coding)
            ? coding
            : throw ServingException.Invalid($"Content-Encoding must be gzip, deflate, br or identity, and one of them, got {Quote.Of(given.ToString())}.");
    }

    /// <summary>The coding that the client likes best of an answer; of those that it likes equally, the one that is cheapest to make.</summary>
    public static ContentCoding Accepted(StringValues acceptEncoding)
    {
        if (acceptEncoding.Count == 0)
        {
            return ContentCoding.Identity;
        }

        Span<double> likings = [-1, -1, -1, -1];
        var others = -1.0;
        foreach (var line in acceptEncoding)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                Read(line.AsSpan()[part], likings, ref others);
            }
        }

        // Nobody has to say that an answer as it is will do.
        likings[(int)ContentCoding.Identity] = Math.Max(likings[(int)ContentCoding.Identity], 0);
        var best = ContentCoding.Identity;
        foreach (var coding in (ReadOnlySpan<ContentCoding>)[ContentCoding.Gzip, ContentCoding.Deflate, ContentCoding.Brotli])
        {
            var liking = likings[(int)coding] >= 0 ? likings[(int)coding] : others;
            likings[(int)coding] = liking;
            best = liking > 0 && liking > likings[(int)best] ? coding : best;
        }

        return best;
    }

    private static void Read(ReadOnlySpan<char> part, Span<double> likings, ref double others)
    {
        var semicolon = part.IndexOf(';');
        var name = (semicolon < 0 ? part : part[..semicolon]).Trim();
        var liking = semicolon < 0 ? 1 : Quality(part[(semicolon + 1)..]);
        if (name is "*")
        {
            others = liking;
        }
        else if (TryParse(name, out var coding))
        {
            likings[(int)coding] = liking;
        }
    }

    // What cannot be read is taken for a refusal: an answer as it is offends nobody.
    private static double Quality(ReadOnlySpan<char> parameter)
    {
        var text = parameter.Trim();
        return text.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(text[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
            && quality <= 1 ? quality : 0;
    }

    private static bool TryParse(ReadOnlySpan<char> name, out ContentCoding coding)
    {
        coding = ContentCoding.Identity;
        if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
        {
            coding = ContentCoding.Gzip;
        }
        else if (name.Equals("deflate", StringComparison.OrdinalIgnoreCase))
        {
            coding = ContentCoding.Deflate;
        }
        else if (name.Equals("br", StringComparison.OrdinalIgnoreCase))
        {
            coding = ContentCoding.Brotli;
        }
        else
        {
            return name.Equals("identity", StringComparison.OrdinalIgnoreCase);
        }

        return true;
    }
}
