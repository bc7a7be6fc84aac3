using Slipway.ModelServer.Inference;
using Slipway.ModelServer.OnnxFiles;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// Looks through a model file for tensors that are kept in files beside it, and refuses those whose path leads out of the folder: a model
/// is input, and must not make the server read whatever file it names.
/// </summary>
internal static class ExternalData
{
    /// <exception cref="ModelRejectedException">A path leaves the folder, or the file is larger than a model file can be.</exception>
    public static void RequireInside(string modelFile)
    {
        foreach (var location in MappedModel.Read(modelFile, OnnxLocations.Find))
        {
            if (!RelativePath.IsInside(location))
            {
                throw new ModelRejectedException(
                    $"{Path.GetFileName(modelFile)} keeps a tensor in '{location}', which is not a path inside the version's folder; export the model with its data beside it.");
            }
        }
    }
}
