using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Admission;

/// <summary>A step between decoding and storing that may change a new object or refuse it with a <c>StatusException</c>.</summary>
internal interface IAdmission
{
    /// <summary>Looks at an object that is about to be created. It changes <paramref name="next"/> in place.</summary>
    void OnCreate(ObjectRequest request, JsonObject next);
}
