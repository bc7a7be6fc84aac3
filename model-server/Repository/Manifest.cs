using System.Security.Cryptography;
using System.Text;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Repository;

/// <summary>A version's list of files and their hashes, as <c>sha256sum</c> writes it. Its own hash is the version's digest.</summary>
internal sealed class Manifest
{
    public const string FileName = "SHA256SUMS";

    private const int HashDigits = 64;

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    private Manifest(IReadOnlyDictionary<string, string> hashes, byte[] content)
    {
        Hashes = hashes;
        Digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
    }

    /// <summary>Lower-case hex by relative path.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary><c>sha256:…</c> of the listing's bytes.</summary>
    public string Digest { get; }

    /// <summary>The listing that <c>sha256sum</c> would write of these files, in the order of their paths' bytes.</summary>
    public static Manifest Of(IReadOnlyDictionary<string, string> hashes)
    {
        var lines = hashes.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Value}  {file.Key}\n");
        return new Manifest(hashes, Encoding.UTF8.GetBytes(string.Concat(lines)));
    }

    /// <exception cref="ModelRejectedException">A line is not a hash and the path of a file in the folder.</exception>
    public static Manifest Parse(byte[] content)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var raw in Encoding.UTF8.GetString(content).Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r');
            if (line.Length == 0)
            {
                continue;
            }

            var (hash, path) = ParseLine(line, number);
            if (path == FileName)
            {
                throw Bad(number, "names the manifest itself, whose hash it cannot hold");
            }

            if (!hashes.TryAdd(path, hash))
            {
                throw Bad(number, $"names {path} a second time");
            }
        }

        return new Manifest(hashes, content);
    }

    private static (string Hash, string Path) ParseLine(string line, int number)
    {
        if (line.Length < HashDigits + 3 || line[HashDigits] != ' ' || line[HashDigits + 1] is not (' ' or '*')
            || line.AsSpan(0, HashDigits).ContainsAnyExcept(HexDigits))
        {
            throw Bad(number, "is not 64 hex digits, two spaces and a path");
        }

        var path = line[(HashDigits + 2)..];
        path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        return RelativePath.IsInside(path)
            ? (line[..HashDigits].ToLowerInvariant(), path)
            : throw Bad(number, $"names '{path}', which is not a path inside the version's folder");
    }

    private static ModelRejectedException Bad(int line, string what) =>
        new($"{FileName} line {line} {what}; write the file again with sha256sum and upload it.");
}
