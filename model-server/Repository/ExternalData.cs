using System.IO.MemoryMappedFiles;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Repository;

/// <summary>
/// Looks through a model file for tensors that are kept in files beside it, and refuses those whose path leads out of the folder: a model
/// is input, and must not make the server read whatever file it names.
/// </summary>
internal static class ExternalData
{
    /// <exception cref="ModelRejectedException">A path leaves the folder, or the file is larger than a model file can be.</exception>
    public static unsafe void RequireInside(string modelFile)
    {
        var length = new FileInfo(modelFile).Length;
        if (length is 0 or > int.MaxValue)
        {
            throw new ModelRejectedException(
                $"{Path.GetFileName(modelFile)} is {length} bytes long; an ONNX file holds between 1 byte and 2 GiB, with larger tensors in files beside it.");
        }

        using var mapped = MemoryMappedFile.CreateFromFile(modelFile, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        using var view = mapped.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            foreach (var location in OnnxLocations.Find(new ReadOnlySpan<byte>(start, (int)length)))
            {
                if (!RelativePath.IsInside(location))
                {
                    throw new ModelRejectedException(
                        $"{Path.GetFileName(modelFile)} keeps a tensor in '{location}', which is not a path inside the version's folder; export the model with its data beside it.");
                }
            }
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
