using System.Collections.Concurrent;
using System.Net;
using Slipway.DevCluster;
using Slipway.DevCluster.ApiServer.Http;
using Slipway.Operator;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>What operators asked of the clusters of this assembly, all of its tests together.</summary>
internal static class AllAsked
{
    /// <summary>Where operators of these tests keep their Lease, and no model is.</summary>
    public const string LeaseNamespace = "slipway-system";

    private static readonly ConcurrentDictionary<AskedFor, byte> Everywhere = new();
    private static readonly ConcurrentDictionary<AskedFor, byte> AtTheLease = new();

    /// <summary>Counts in what is asked of this cluster from now on.</summary>
    public static void Collect(Cluster cluster) => cluster.ApiServer.RequestObserved += Add;

    /// <summary>What operators asked for so far: where their Lease is, or else where models are.</summary>
    public static ICollection<AskedFor> Of(bool forLease) => (forLease ? AtTheLease : Everywhere).Keys;

    private static void Add(ObservedRequest request)
    {
        if (!request.UserAgent.StartsWith(OperatorHost.UserAgent, StringComparison.Ordinal) || AskedFor.Of(request.Verb, request.Path) is not { } asked)
        {
            return;
        }

        var place = request.Path.Contains($"/namespaces/{LeaseNamespace}/", StringComparison.Ordinal) ? AtTheLease : Everywhere;
        place.TryAdd(asked, 0);
        // Whoever makes an object by applying it must be allowed to create it, too.
        if (asked.Verb == "patch" && request.Code == (int)HttpStatusCode.Created)
        {
            place.TryAdd(asked with { Verb = "create" }, 0);
        }
    }
}
