using System.CommandLine;
using Slipway.Operator.Manifests;

namespace Slipway.Operator.Commands;

/// <summary>The options by which a command is given manifests.</summary>
internal sealed class ManifestArguments
{
    private readonly Option<string[]> _files = new("--filename", "-f")
    {
        Description = "A file, a directory, or - for the standard input; may be given several times.",
        Required = true,
    };

    private readonly Option<bool> _recursive = new("--recursive", "-R") { Description = "Directories of a directory count too." };

    private readonly Option<string> _namespace = new("--namespace", "-n") { Description = "Namespace of objects that name none.", DefaultValueFactory = _ => "default" };

    public void AddTo(Command command)
    {
        command.Options.Add(_files);
        command.Options.Add(_recursive);
        command.Options.Add(_namespace);
    }

    /// <summary>Every ModelDeployment, in order; objects of other kinds are passed over. What cannot be read is an entry of its own with that error.</summary>
    public IEnumerable<(string File, ModelManifest Manifest)> Read(ParseResult result, TextReader standardInput)
    {
        foreach (var path in result.GetRequiredValue(_files))
        {
            IReadOnlyList<string> files;
            string? missing = null;
            try
            {
                files = ManifestFiles.Find(path, result.GetValue(_recursive));
            }
            catch (FileNotFoundException exception)
            {
                files = [];
                missing = exception.Message;
            }

            if (missing is not null)
            {
                yield return (path, new("", null, [missing]));
            }

            foreach (var file in files)
            {
                foreach (var manifest in Manifests(file, result.GetRequiredValue(_namespace), standardInput))
                {
                    yield return (file, manifest);
                }
            }
        }
    }

    private static IReadOnlyList<ModelManifest> Manifests(string file, string @namespace, TextReader standardInput)
    {
        try
        {
            return [.. ManifestFiles.Read(file, standardInput).Where(ModelManifest.Is).Select(document => ModelManifest.Read(document, @namespace))];
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            return [new("", null, [exception.Message])];
        }
    }
}
