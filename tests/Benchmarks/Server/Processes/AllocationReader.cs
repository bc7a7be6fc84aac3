using System.Buffers.Binary;
using System.Net.Sockets;

namespace Slipway.Benchmarks.Server.Processes;

/// <summary>
/// Asks a published server how much managed memory it has allocated, through a start-up hook of .NET (<see cref="StartupHook"/>) that is
/// loaded into it: so it is the program as it is, and its reference too, that are measured.
/// </summary>
internal sealed class AllocationReader : IDisposable
{
    /// <summary>Names the socket that the hook answers at.</summary>
    public const string SocketVariable = "SLIPWAY_BENCH_ALLOCATIONS";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-hook-");

    /// <param name="environment">Of the process to be started.</param>
    public AllocationReader(IDictionary<string, string?> environment)
    {
        environment["DOTNET_STARTUP_HOOKS"] = typeof(AllocationReader).Assembly.Location;
        environment[SocketVariable] = Address;
    }

    private string Address => Path.Combine(_folder.FullName, "socket");

    public async Task<long> ReadAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Address), cancellationToken);
        await using var stream = new NetworkStream(socket);
        var number = new byte[sizeof(long)];
        await stream.ReadExactlyAsync(number, cancellationToken);
        return BinaryPrimitives.ReadInt64LittleEndian(number);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
