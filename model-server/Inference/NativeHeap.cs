using System.Runtime.InteropServices;

namespace Slipway.ModelServer.Inference;

/// <summary>The C library's heap, in which ONNX Runtime keeps models. Another library than GNU's needs no asking and is not asked.</summary>
internal static partial class NativeHeap
{
    private const int MmapThreshold = -3;
    private const int LargeBytes = 4 << 20;

    /// <summary>
    /// Lets each large block have pages of its own, which go back to the system when it is freed. By itself the library raises what it calls large
    /// with the first weights that are freed, and takes those of later models from a heap whose pieces are never whole again.
    /// </summary>
    public static void ReturnLargeBlocks() => Ask(static () => MallOpt(MmapThreshold, LargeBytes));

    /// <summary>Gives back what is free between the small blocks.</summary>
    public static void Trim() => Ask(static () => MallocTrim(0));

    private static void Ask(Func<int> call)
    {
        try
        {
            _ = call();
        }
        catch (EntryPointNotFoundException)
        {
            // Not GNU's.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallocTrim(nuint kept);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallOpt(int parameter, int value);
}
