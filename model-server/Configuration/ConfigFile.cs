using System.Globalization;
using Slipway.Api;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.ModelServer.Configuration;

/// <summary>Reads <c>server.yaml</c>. Every finding names its path in the file; an unknown key is one, since a misspelt key would be obeyed silently.</summary>
internal static class ConfigFile
{
    // A ConfigMap holds at most 1 MiB.
    private const long MostBytes = 1 << 20;

    /// <returns>What could be read; <paramref name="errors"/> grows by what could not.</returns>
    public static ServerConfig Read(string path, List<string> errors)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                errors.Add($"{path}: is larger than {MostBytes} bytes");
                return new ServerConfig();
            }

            return Parse(File.ReadAllText(path), path, errors);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{path}: cannot be read: {exception.Message}");
            return new ServerConfig();
        }
    }

    public static ServerConfig Parse(string yaml, string path, List<string> errors)
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
            config = Set(config, key.ToString(), value, $"{path}: {key}", errors);
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

        switch (key)
        {
            case "model": return config with { Model = value };
            case "uri": return config with { Uri = value };
            case "version": return config with { Version = value };
            case "digest": return config with { Digest = value };
            case "intraOpThreads": return config with { IntraOpThreads = Whole(value, where, errors) };
            case "interOpThreads": return config with { InterOpThreads = Whole(value, where, errors) };
            case "requestTimeout": return config with { RequestTimeout = value };
            default:
                errors.Add(
                    $"{where}: is not a known key; known are model, uri, version, digest, intraOpThreads, interOpThreads and requestTimeout");
                return config;
        }
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
