using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Runtime;

namespace Slipway.DevCluster.Proxy;

/// <summary>Makes the clusterIPs of Services work: listens on each and forwards to ready pods in turn.</summary>
internal sealed class ServiceProxy(Informer<V1Service> services, Informer<V1EndpointSlice> slices, IInformerSync sync, TimeProvider clock, ILogger<ServiceProxy> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Dictionary<IPEndPoint, PortForwarder> _forwarders = [];
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await sync.WaitForSyncAsync(stoppingToken);
            using var first = services.Subscribe(_ => _changes.Writer.TryWrite(true));
            using var second = slices.Subscribe(_ => _changes.Writer.TryWrite(true));
            while (await _changes.Reader.WaitToReadAsync(stoppingToken))
            {
                _changes.Reader.TryRead(out _);
                if (!await UpdateAsync())
                {
                    await Task.Delay(Retry, clock, stoppingToken);
                    _changes.Writer.TryWrite(true);
                }
            }
        }
        finally
        {
            foreach (var forwarder in _forwarders.Values)
            {
                await forwarder.DisposeAsync();
            }
        }
    }

    /// <summary>False when some address could not be listened on.</summary>
    private async Task<bool> UpdateAsync()
    {
        var wanted = ServicePorts.Build(services.Store.List(), slices.Store.List());
        foreach (var gone in _forwarders.Keys.Where(address => !wanted.ContainsKey(address)).ToList())
        {
            _forwarders.Remove(gone, out var forwarder);
            await forwarder!.DisposeAsync();
        }

        var all = true;
        foreach (var (address, targets) in wanted)
        {
            if (!_forwarders.TryGetValue(address, out var forwarder))
            {
                _forwarders[address] = forwarder = new(address);
            }

            try
            {
                await forwarder.SetTargetsAsync(targets);
            }
            catch (SocketException exception)
            {
                Log.CannotListen(logger, address, exception.Message);
                all = false;
            }
        }

        return all;
    }
}
