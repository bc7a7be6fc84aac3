using System.Globalization;
using Slipway.Api;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.ModelServer.Configuration;

/// <summary>
/// Reads <c>server.yaml</c>. Every finding names its path in the file. A wrong value is an error; an unknown key is a warning, since a newer
/// operator may write keys of which this server knows nothing yet.
/// </summary>
internal static class ConfigFile
{
    // A ConfigMap holds at most 1 MiB.
    private const long MostBytes = 1 << 20;

    private static readonly string[] Keys = ["model", "uri", "version", "digest", "intraOpThreads", "interOpThreads", "requestTimeout"];

    /// <returns>What could be read; <paramref name="errors"/> grows by what could not, <paramref name="warnings"/> by what was passed over.</returns>
    public static ServerConfig Read(string path, List<string> errors, List<string> warnings)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                errors.Add($"{path}: is larger than {MostBytes} bytes");
                return new ServerConfig();
            }

            return Parse(File.ReadAllText(path), path, errors, warnings);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{path}: cannot be read: {exception.Message}");
            return new ServerConfig();
        }
    }

    public static ServerConfig Parse(string yaml, string path, List<string> errors, List<string> warnings)
    {
        var config = new ServerConfig();
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException exception)
        {
            errors.Add($"{path}: is not valid YAML: line {exception.Start.Line}: {exception.Message}");
            return config;
        }

        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            errors.Add($"{path}: must hold one mapping with the keys model, uri and version");
            return config;
        }

        foreach (var (key, value) in root.Children)
        {
            var name = key.ToString();
            if (Keys.Contains(name))
            {
                config = Set(config, name, value, $"{path}: {name}", errors);
            }
            else
            {
                warnings.Add($"{path}: {name}: is not a key that this server knows, and is passed over; known are {string.Join(", ", Keys)}.");
            }
        }

        return config;
    }

    private static ServerConfig Set(ServerConfig config, string key, YamlNode node, string where, List<string> errors)
    {
        if (node is not YamlScalarNode { Value: { } value })
        {
            errors.Add($"{where}: must be a single value");
            return config;
        }

        return key switch
        {
            "model" => config with { Model = value },
            "uri" => config with { Uri = value },
            "version" => config with { Version = value },
            "digest" => config with { Digest = value },
            "intraOpThreads" => config with { IntraOpThreads = Whole(value, where, errors) },
            "interOpThreads" => config with { InterOpThreads = Whole(value, where, errors) },
            "requestTimeout" => config with { RequestTimeout = value },
            _ => throw new ArgumentOutOfRangeException(nameof(key), key, "is a known key that nothing reads"),
        };
    }

    private static int Whole(string value, string where, List<string> errors)
    {
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors.Add($"{where}: must be a whole number, got '{value}'");
        return 1;
    }
}
