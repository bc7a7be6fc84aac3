using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Admission;

/// <summary>A step between decoding and storing that may change an object or refuse it with a <c>StatusException</c>.</summary>
internal interface IAdmission
{
    /// <summary>
    /// Looks at an object that is about to be stored, and changes it in place. <paramref name="live"/> is what it replaces, or null for a new one.
    /// Writes of one resource are admitted and stored one at a time.
    /// </summary>
    void Admit(ObjectRequest request, JsonObject next, JsonObject? live);
}
