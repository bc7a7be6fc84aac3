using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Transport.Rest;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>Asks over REST with binary tensors, both ways.</summary>
internal sealed class RestClient(TestServer server) : IConformanceClient
{
    public string Name => "REST";

    public async Task<IReadOnlyList<RawTensor>> InferAsync(ModelVersion version, IReadOnlyList<RawTensor> inputs, CancellationToken cancellationToken)
    {
        var tensors = inputs.Select((tensor, i) => new JsonObject
        {
            ["name"] = version.Session.Inputs[i].Name,
            ["datatype"] = tensor.Datatype.Name(),
            ["shape"] = new JsonArray([.. tensor.Shape.Select(axis => (JsonNode)axis)]),
            ["parameters"] = new JsonObject { ["binary_data_size"] = tensor.Bytes.Length },
        });
        var json = new JsonObject { ["parameters"] = new JsonObject { ["binary_data_output"] = true }, ["inputs"] = new JsonArray([.. tensors]) };
        var reply = await server.PostBinaryAsync(json.ToJsonString(), [.. inputs.SelectMany(tensor => tensor.Bytes)], cancellationToken);
        return reply.Status == HttpStatusCode.OK ? Read(reply) : throw new InvalidDataException(reply.Text);
    }

    private static List<RawTensor> Read(RestReply reply)
    {
        var head = int.Parse(reply.Headers.GetValues(RestCalls.BinaryHeader).Single(), CultureInfo.InvariantCulture);
        var rest = reply.Body.AsSpan(head);
        var tensors = new List<RawTensor>();
        foreach (var output in JsonNode.Parse(reply.Body.AsSpan(0, head))!["outputs"]!.AsArray())
        {
            var size = output!["parameters"]!["binary_data_size"]!.GetValue<int>();
            tensors.Add(new RawTensor(
                Names.Datatype(output["datatype"]!.GetValue<string>()), [.. output["shape"]!.AsArray().Select(axis => axis!.GetValue<long>())], rest[..size].ToArray()));
            rest = rest[size..];
        }

        rest.Length.Should().Be(0);
        return tensors;
    }
}
