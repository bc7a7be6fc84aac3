using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Slipway.Benchmarks.Server.Loads;

/// <summary>
/// Waits for any of many sockets, or for a moment to the microsecond: the framework's own waiting is a millisecond coarse, or hands every
/// event to the thread pool, and both would be measured as the server's latency. Linux on x86-64, for one thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class Poller : IDisposable
{
    private const int Add = 1;
    private const uint Readable = 1;
    private const int TimerSlack = 29;
    private const int Interrupted = 4;

    private readonly int _handle = Require(EpollCreate(0));
    private readonly Event[] _events = new Event[64];

    /// <summary>Of the thread that waits.</summary>
    public Poller() => Require(SetOption(TimerSlack, 1, 0, 0, 0));

    public void Watch(nint socket, int number)
    {
        var wanted = new Event { Events = Readable, Number = (ulong)number };
        Require(EpollControl(_handle, Add, (int)socket, ref wanted));
    }

    /// <returns>The numbers of sockets that have something to read; none when the time is over.</returns>
    public int Wait(TimeSpan most, Span<int> ready)
    {
        var time = new Time { Seconds = (long)most.TotalSeconds, Nanoseconds = most.Ticks % TimeSpan.TicksPerSecond * 100 };
        var count = EpollWait(_handle, _events, Math.Min(ready.Length, _events.Length), ref time, 0);
        if (count < 0)
        {
            return Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        for (var i = 0; i < count; i++)
        {
            ready[i] = (int)_events[i].Number;
        }

        return count;
    }

    public void Dispose() => Require(Close(_handle));

    private static int Require(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int poller, int operation, int socket, ref Event wanted);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    private static partial int EpollWait(int poller, [Out] Event[] events, int most, ref Time time, nint signals);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int SetOption(int option, nuint value, nuint a, nuint b, nuint c);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Event
    {
        public uint Events;
        public ulong Number;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
