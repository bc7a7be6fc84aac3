using Slipway.ModelServer.Inference;
using Slipway.ModelServer.ModelYaml;
using Slipway.ModelServer.Repository;

namespace Slipway.ModelServer.Commands;

/// <summary>A model file of this machine, opened as the server would serve it.</summary>
internal static class LocalModel
{
    /// <exception cref="ModelRejectedException">There is no such file, or the server could not serve it.</exception>
    public static ModelSession Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelRejectedException($"There is no file {path}.");
        }

        ExternalData.RequireInside(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var config = ModelConfigFile.Read(folder);
        return ModelSession.Load(path, config.Runtime.Over(new SessionSettings()), new PipelineBuilder(config, folder).Build);
    }
}
