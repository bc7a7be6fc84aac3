using System.Net;

namespace Slipway.DevCluster.Nodes;

/// <summary>Loopback addresses of pods, from 127.64.0.0/16. An address is not given again while its pod lives, nor soon after.</summary>
internal sealed class PodAddresses
{
    private const int First = 1;
    private const int Last = 0xFFFE;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _taken = [];
    private int _next;

    /// <param name="start">Where in the range to begin: several clusters on one machine should differ.</param>
    public PodAddresses(int start = First) => _next = Math.Clamp(start, First, Last);

    /// <exception cref="InvalidOperationException">All 65,534 addresses are in use.</exception>
    public string Take()
    {
        lock (_gate)
        {
            for (var tries = First; tries <= Last; tries++)
            {
                var candidate = _next;
                _next = _next == Last ? First : _next + 1;
                if (_taken.Add(candidate))
                {
                    return new IPAddress([127, 64, (byte)(candidate >> 8), (byte)candidate]).ToString();
                }
            }
        }

        throw new InvalidOperationException("All addresses of 127.64.0.0/16 are in use; delete some pods.");
    }

    public void Return(string address)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        lock (_gate)
        {
            _taken.Remove((bytes[2] << 8) | bytes[3]);
        }
    }
}
