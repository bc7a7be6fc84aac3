using System.Globalization;
using System.Text;
using Slipway.ModelServer.Inference;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.ModelServer.ModelYaml;

/// <summary>Reads a version's <c>model.yaml</c>, or says everything that is wrong with it at once.</summary>
internal static class ModelConfigFile
{
    public const string FileName = "model.yaml";

    private const long MostBytes = 1 << 20;

    /// <param name="folder">The version's.</param>
    /// <returns>Defaults when there is no such file.</returns>
    /// <exception cref="ModelRejectedException">The file is wrong; the message has a line for each fault.</exception>
    public static ModelConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return new ModelConfig();
        }

        var length = new FileInfo(path).Length;
        if (length > MostBytes)
        {
            throw Rejected([$"is {length} bytes long; at most {MostBytes} are read"]);
        }

        var errors = new List<string>();
        var config = Parse(File.ReadAllText(path, Encoding.UTF8), errors);
        return errors.Count > 0 ? throw Rejected(errors) : config;
    }

    /// <summary>One message for all faults.</summary>
    public static ModelRejectedException Rejected(IReadOnlyList<string> errors) => new(
        $"{FileName} {(errors.Count == 1 ? "is wrong" : string.Create(CultureInfo.InvariantCulture, $"has {errors.Count} faults"))}; correct it and upload a new version:\n{string.Join('\n', errors.Select(error => $"  {error}"))}");

    /// <returns>What could be read; <paramref name="errors"/> grows by what could not.</returns>
    public static ModelConfig Parse(string yaml, List<string> errors)
    {
        var stream = new YamlStream();
        try
        {
            if (YamlBounds.WhyNot(yaml) is { } reason)
            {
                errors.Add(reason);
                return new ModelConfig();
            }

            stream.Load(new StringReader(yaml));
        }
        catch (YamlException exception)
        {
            errors.Add($"is not valid YAML: line {exception.Start.Line}: {exception.Message}");
            return new ModelConfig();
        }

        return stream.Documents.Count switch
        {
            0 => new ModelConfig(),
            1 => ModelConfigReader.Read(stream.Documents[0].RootNode, errors),
            _ => Several(errors),
        };
    }

    private static ModelConfig Several(List<string> errors)
    {
        errors.Add("must hold one document");
        return new ModelConfig();
    }
}
