using System.Net;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Kinds;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Admission;

/// <summary>
/// Gives Services their clusterIP, and node ports to those that ask. What is taken is read from the stored Services, so that nothing can leak.
/// </summary>
internal sealed class ServiceAddresses(ObjectStore store, ResourceDefinition services, IPNetwork range) : IAdmission
{
    private const int FirstNodePort = 30000;
    private const int NodePorts = 2768;

    private readonly TakenAddresses _taken = new(store, services.StorageName);

    public void Admit(ObjectRequest request, JsonObject next, JsonObject? live)
    {
        if (request.Definition is not { Group: "", Kind: "Service" } || request.Subresource.Length > 0 || next["spec"] is not JsonObject spec
            || (string?)spec["type"] == "ExternalName")
        {
            return;
        }

        // Updates are admitted side by side.
        lock (_taken)
        {
            _taken.CatchUp();
            GiveAddress(next, spec, live);
            if ((string?)spec["type"] is "NodePort" or "LoadBalancer")
            {
                GivePorts(next, spec, live);
            }
        }
    }

    private void GiveAddress(JsonObject service, JsonObject spec, JsonObject? live)
    {
        var address = (string?)spec["clusterIP"] ?? "";
        if (address.Length == 0)
        {
            address = FreeAddress();
        }
        else if (address != "None" && (string?)live?["spec"]?["clusterIP"] is null or "")
        {
            // One that is set stays set: a change of it is for validation to refuse.
            CheckAddress(service, address);
        }

        spec["clusterIP"] = address;
        spec["clusterIPs"] ??= new JsonArray(address);
        spec["ipFamilies"] ??= new JsonArray("IPv4");
        spec["ipFamilyPolicy"] ??= "SingleStack";
    }

    private void CheckAddress(JsonObject service, string address)
    {
        if (!IPAddress.TryParse(address, out var parsed) || !range.Contains(parsed))
        {
            throw Refused(service, address, "the provided network does not match the current range");
        }

        if (_taken.HasAddress(address))
        {
            throw Refused(service, address, "provided IP is already allocated");
        }
    }

    private static StatusException Refused(JsonObject service, string address, string why) => StatusErrors.Invalid("", "Service", service.Name(),
    [
        new FieldError("spec.clusterIPs", "FieldValueInvalid", $"Invalid value: [\"{address}\"]: failed to allocate IP {address}: {why}"),
    ]);

    /// <summary>A random free address, neither the first of the range, nor the one after it (the API server's own), nor the last.</summary>
    private string FreeAddress()
    {
        const int Reserved = 2;
        var size = 1L << (32 - range.PrefixLength);
        var start = Random.Shared.NextInt64(size);
        for (var i = 0L; i < size; i++)
        {
            var offset = (start + i) % size;
            var candidate = At(offset);
            if (offset >= Reserved && offset < size - 1 && !_taken.HasAddress(candidate))
            {
                return candidate;
            }
        }

        throw new StatusException(500, "InternalError", $"Internal error occurred: no clusterIP is free in {range}");
    }

    private string At(long offset)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        var value = ((uint)bytes[0] << 24 | (uint)bytes[1] << 16 | (uint)bytes[2] << 8 | bytes[3]) + (uint)offset;
        return new IPAddress([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]).ToString();
    }

    private void GivePorts(JsonObject service, JsonObject spec, JsonObject? live)
    {
        var held = Ports(live?["spec"] as JsonObject ?? []).Select(NodePort).ToHashSet();
        var asked = Ports(spec).Select(NodePort).ToHashSet();
        foreach (var (index, port) in Ports(spec).Index())
        {
            var number = NodePort(port);
            if (number == 0)
            {
                port["nodePort"] = FreePort(asked);
            }
            else if (_taken.HasPort(number) && !held.Contains(number))
            {
                throw StatusErrors.Invalid("", "Service", service.Name(), [new($"spec.ports[{index}].nodePort", "FieldValueInvalid", $"Invalid value: {number}: provided port is already allocated")]);
            }
        }
    }

    private int FreePort(HashSet<int> asked)
    {
        var start = Random.Shared.Next(NodePorts);
        for (var i = 0; i < NodePorts; i++)
        {
            var number = FirstNodePort + ((start + i) % NodePorts);
            if (!_taken.HasPort(number) && asked.Add(number))
            {
                return number;
            }
        }

        throw new StatusException(500, "InternalError", $"Internal error occurred: failed to allocate a nodePort: none is free from {FirstNodePort} to {FirstNodePort + NodePorts - 1}");
    }

    internal static int NodePort(JsonObject port) => (int)(port.Number("nodePort") ?? 0);

    internal static IEnumerable<JsonObject> Ports(JsonObject spec) => (spec["ports"] as JsonArray ?? []).OfType<JsonObject>();
}
