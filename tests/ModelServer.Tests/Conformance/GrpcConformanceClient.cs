using System.Runtime.InteropServices;
using Google.Protobuf;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Transport.Grpc;
using Slipway.ModelServer.Transport.Grpc.Messages;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>Asks over gRPC with raw contents. A request without inputs has none, and is answered in the typed fields.</summary>
internal sealed class GrpcConformanceClient(TestServer server) : IConformanceClient, IDisposable
{
    private readonly GrpcClient _client = GrpcClient.Of(server);

    public string Name => "gRPC";

    public async Task<IReadOnlyList<RawTensor>> InferAsync(ModelVersion version, IReadOnlyList<RawTensor> inputs, CancellationToken cancellationToken)
    {
        var request = GrpcClient.Request([.. inputs.Select((tensor, i) => new ModelInferRequest.Types.InferInputTensor
        {
            Name = version.Session.Inputs[i].Name, Datatype = tensor.Datatype.Name(), Shape = { tensor.Shape },
        })]);
        request.RawInputContents.AddRange(inputs.Select(tensor => ByteString.CopyFrom(tensor.Bytes)));
        var answer = await _client.InferAsync(request, cancellationToken);
        var isRaw = answer.RawOutputContents.Count > 0;
        return [.. answer.Outputs.Select((output, i) => new RawTensor(
            Names.Datatype(output.Datatype), [.. output.Shape], isRaw ? answer.RawOutputContents[i].ToByteArray() : Typed(Names.Datatype(output.Datatype), output.Contents)))];
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Typed(Datatype datatype, InferTensorContents? contents) => contents is null ? [] : datatype switch
    {
        Datatype.FP32 => Bytes(contents.Fp32Contents),
        Datatype.FP64 => Bytes(contents.Fp64Contents),
        Datatype.Int64 => Bytes(contents.Int64Contents),
        Datatype.Int32 => Bytes(contents.IntContents),
        Datatype.UInt64 => Bytes(contents.Uint64Contents),
        Datatype.Bool => Bytes(contents.BoolContents),
        Datatype.Bytes => [.. contents.BytesContents.SelectMany(text => Bytes([text.Length]).Concat(text.ToByteArray()))],
        _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "is read in raw contents"),
    };

    private static byte[] Bytes<T>(IEnumerable<T> elements) where T : unmanaged => MemoryMarshal.AsBytes<T>(elements.ToArray()).ToArray();
}
