using System.Buffers.Binary;
using System.Net.Sockets;
using Slipway.Benchmarks.Server.Processes;

/// <summary>
/// Runs in a server under test before its Main: tells everyone who connects how many managed bytes the process has allocated. Its name and
/// its lack of a namespace are what .NET looks for.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(AllocationReader.SocketVariable) is { Length: > 0 } address)
        {
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(address));
            listener.Listen();
            new Thread(() => Answer(listener)) { IsBackground = true, Name = "allocations" }.Start();
        }
    }

    private static void Answer(Socket listener)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        while (true)
        {
            using var asking = listener.Accept();
            BinaryPrimitives.WriteInt64LittleEndian(number, GC.GetTotalAllocatedBytes(precise: true));
            asking.Send(number);
        }
    }
}
