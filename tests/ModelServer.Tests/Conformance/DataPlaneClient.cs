using System.Buffers;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>Asks below the transports, by the binary form that REST and gRPC share.</summary>
internal sealed class DataPlaneClient(ServingDataPlane plane) : IConformanceClient
{
    public string Name => "data plane";

    public async Task<IReadOnlyList<RawTensor>> InferAsync(ModelVersion version, IReadOnlyList<RawTensor> inputs, CancellationToken cancellationToken)
    {
        using var request = plane.Begin(Protocol.Rest, trace: null, cancellationToken);
        request.Enter(plane.Model, version.Version);
        using var call = request.Target.Session.Rent();
        for (var i = 0; i < inputs.Count; i++)
        {
            var most = RawElements.MostIn(inputs[i].Bytes.Length, inputs[i].Datatype);
            var room = InputRoom.Prepare(call, i, inputs[i].Datatype.Utf8Name(), inputs[i].Shape, most, plane.Limits);
            RawElements.Read(inputs[i].Bytes, call.Session.Inputs[i], room);
        }

        using var result = await request.RunAsync(call);
        var outputs = new List<RawTensor>();
        for (var i = 0; i < result.Count; i++)
        {
            outputs.Add(Read(result.Output(i)));
        }

        request.End(ErrorCode.Ok, status: 200);
        return outputs;
    }

    private static RawTensor Read(OutputTensor output)
    {
        var bytes = new ArrayBufferWriter<byte>();
        RawElements.Write(bytes, output);
        bytes.WrittenCount.Should().Be((int)RawElements.Size(output));
        return new RawTensor(output.Spec.Datatype, output.Shape.ToArray(), bytes.WrittenSpan.ToArray());
    }
}
