using System.Globalization;
using Slipway.Api;
using Slipway.ModelServer.ModelYaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.ModelServer.Configuration;

/// <summary>
/// Reads <c>server.yaml</c> and <c>live.yaml</c>. Every finding names its path in the file. A wrong value is an error; an unknown key is a
/// warning, since a newer operator may write keys of which this server knows nothing yet.
/// </summary>
internal static class ConfigFile
{
    // A ConfigMap holds at most 1 MiB.
    private const long MostBytes = 1 << 20;

    /// <summary>What <c>server.yaml</c> may hold; a key inside a mapping follows the mapping's and a dot.</summary>
    public static readonly IReadOnlyList<string> Keys =
    [
        "model", "uri", "version", "digest", "requestTimeout", "batching.mode", "batching.maxBatchSize", "batching.maxDelay", "runtime.intraOpThreads",
        "runtime.interOpThreads", "runtime.optimization", "runtime.execution", "runtime.memoryArena", "runtime.memoryPattern", "runtime.instances",
        "maxConcurrency", "slowThreshold", "requestLog", "expected.uri", "expected.version", "expected.digest",
    ];

    /// <summary>What <c>live.yaml</c> may hold.</summary>
    public static readonly IReadOnlyList<string> LiveKeys =
        ["maxConcurrency", "batching.maxDelay", "slowThreshold", "requestLog", "expected.uri", "expected.version", "expected.digest"];

    /// <returns>What could be read; <paramref name="errors"/> grows by what could not, <paramref name="warnings"/> by what was passed over.</returns>
    public static ServerConfig Read(string path, List<string> errors, List<string> warnings)
    {
        try
        {
            return Parse(ReadText(path), path, Keys, errors, warnings);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{path}: cannot be read: {exception.Message}");
            return new ServerConfig();
        }
    }

    /// <exception cref="IOException">The file is not there, too large, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadText(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length > MostBytes)
        {
            throw new IOException($"it is larger than {MostBytes} bytes");
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <param name="keys">Those that are known.</param>
    public static ServerConfig Parse(string yaml, string path, IReadOnlyList<string> keys, List<string> errors, List<string> warnings)
    {
        var config = new ServerConfig();
        var stream = new YamlStream();
        try
        {
            if (YamlBounds.WhyNot(yaml) is { } reason)
            {
                errors.Add($"{path}: {reason}");
                return config;
            }

            stream.Load(new StringReader(yaml));
        }
        catch (YamlException exception)
        {
            errors.Add($"{path}: is not valid YAML: line {exception.Start.Line}: {exception.Message}");
            return config;
        }

        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            errors.Add($"{path}: must hold one mapping with keys such as {string.Join(", ", keys.Take(3))}");
            return config;
        }

        foreach (var (name, value) in Fields("", root, keys))
        {
            if (keys.Contains(name))
            {
                config = Set(config, name, value, $"{path}: {name}", errors);
            }
            else if (IsGroup(name, keys))
            {
                errors.Add($"{path}: {name}: must be a mapping");
            }
            else
            {
                warnings.Add($"{path}: {name}: is not a key that this server knows, and is passed over; known are {string.Join(", ", keys)}.");
            }
        }

        return config;
    }

    private static IEnumerable<(string Name, YamlNode Value)> Fields(string path, YamlMappingNode mapping, IReadOnlyList<string> keys) =>
        mapping.Children.SelectMany(field => field.Value is YamlMappingNode inner && IsGroup($"{path}{field.Key}", keys)
            ? Fields($"{path}{field.Key}.", inner, keys)
            : [($"{path}{field.Key}", field.Value)]);

    private static bool IsGroup(string name, IReadOnlyList<string> keys) => keys.Any(key => key.StartsWith($"{name}.", StringComparison.Ordinal));

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
            "requestTimeout" => config with { RequestTimeout = value },
            "maxConcurrency" => config with { MaxConcurrency = Whole(value, where, errors) },
            "slowThreshold" => config with { SlowThreshold = value },
            "requestLog" => config with { RequestLog = value },
            _ when key.StartsWith("expected.", StringComparison.Ordinal) => config with { Expected = Set(config.Expected ?? new(), key, value) },
            _ when key.StartsWith("batching.", StringComparison.Ordinal) => config with { Batching = Set(config.Batching, key, value, where, errors) },
            _ => config with { Runtime = Set(config.Runtime, key, value, where, errors) },
        };
    }

    private static ServerBatching Set(ServerBatching batching, string key, string value, string where, List<string> errors) => key switch
    {
        "batching.mode" => batching with { Mode = value },
        "batching.maxBatchSize" => batching with { MaxBatchSize = Whole(value, where, errors) },
        "batching.maxDelay" => batching with { MaxDelay = value },
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "is a known key that nothing reads"),
    };

    private static ExpectedVersion Set(ExpectedVersion expected, string key, string value) => key switch
    {
        "expected.uri" => expected with { Uri = value },
        "expected.version" => expected with { Version = value },
        "expected.digest" => expected with { Digest = value },
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "is a known key that nothing reads"),
    };

    private static ServerRuntime Set(ServerRuntime runtime, string key, string value, string where, List<string> errors) => key switch
    {
        "runtime.intraOpThreads" => runtime with { IntraOpThreads = Whole(value, where, errors) },
        "runtime.interOpThreads" => runtime with { InterOpThreads = Whole(value, where, errors) },
        "runtime.optimization" => runtime with { Optimization = value },
        "runtime.execution" => runtime with { Execution = value },
        "runtime.memoryArena" => runtime with { MemoryArena = Flag(value, where, errors) },
        "runtime.memoryPattern" => runtime with { MemoryPattern = Flag(value, where, errors) },
        "runtime.instances" => runtime with { Instances = Whole(value, where, errors) },
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "is a known key that nothing reads"),
    };

    /// <returns>Null, which leaves the default, when an error was told.</returns>
    private static int? Whole(string value, string where, List<string> errors)
    {
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors.Add($"{where}: must be a whole number, got '{value}'");
        return null;
    }

    private static bool? Flag(string value, string where, List<string> errors)
    {
        if (value is "true" or "false")
        {
            return value == "true";
        }

        errors.Add($"{where}: must be true or false, got '{value}'");
        return null;
    }
}
