using System.IO.MemoryMappedFiles;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.OnnxFiles;

/// <summary>The bytes of a model file without a copy of them.</summary>
internal static class MappedModel
{
    public delegate T Reader<out T>(ReadOnlySpan<byte> model);

    /// <exception cref="ModelRejectedException">The file is empty, or larger than a model file can be.</exception>
    public static unsafe T Read<T>(string modelFile, Reader<T> reader)
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
            return reader(new ReadOnlySpan<byte>(start, (int)length));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
