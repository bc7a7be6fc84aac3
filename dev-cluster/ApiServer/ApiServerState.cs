using Slipway.DevCluster.ApiServer.Http;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer;

/// <summary>What of a server outlives its restart: its data, and what its clients know it by.</summary>
internal sealed record ApiServerState(ObjectStore Store, string Token, ServerCertificate Certificate) : IDisposable
{
    public void Dispose() => Certificate.Dispose();
}
