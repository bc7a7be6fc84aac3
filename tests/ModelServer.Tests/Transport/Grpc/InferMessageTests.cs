using Google.Protobuf;
using Grpc.Core;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Grpc.Messages;
using static Slipway.ModelServer.Tests.Transport.Grpc.GrpcClient;
using InferInput = Slipway.ModelServer.Transport.Grpc.Messages.ModelInferRequest.Types.InferInputTensor;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

/// <summary>Our reading and writing of messages against Google.Protobuf's.</summary>
[CancelAfter(300_000)]
internal sealed class InferMessageTests
{
    private const int Turns = 400;
    private const int Mutations = 6000;

    private static readonly (OnnxType Type, string Datatype)[] Types =
    [
        (OnnxType.Bool, "BOOL"), (OnnxType.UInt8, "UINT8"), (OnnxType.UInt16, "UINT16"), (OnnxType.UInt32, "UINT32"), (OnnxType.UInt64, "UINT64"),
        (OnnxType.Int8, "INT8"), (OnnxType.Int16, "INT16"), (OnnxType.Int32, "INT32"), (OnnxType.Int64, "INT64"), (OnnxType.Float, "FP32"),
        (OnnxType.Double, "FP64"), (OnnxType.String, "BYTES"),
    ];

    [Test]
    public async Task What_one_library_writes_the_other_reads_in_any_order_of_fields(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identities([.. Types.Select(row => row.Type)]), cancellationToken);
        using var client = Of(server);

        for (var seed = 0; seed < Turns; seed++)
        {
            var random = new Random(seed);
            var request = RandomRequest(random);
            var message = random.Next(2) == 0 ? request.ToByteArray() : InPieces(request, random);

            var answer = await client.InferAsync(message, cancellationToken);

            answer.Id.Should().Be(request.Id, $"seed {seed}");
            answer.Outputs.Select(output => (output.Name[1..], output.Datatype)).Should().Equal(Types.Select((row, i) => ($"{i}", row.Datatype)));
            foreach (var (output, i) in answer.Outputs.Select((output, i) => (output, i)))
            {
                var input = request.Inputs.Single(input => input.Name == $"x{i}");
                output.Shape.Should().Equal(input.Shape);
                (output.Contents ?? new()).Should().Be(input.Contents, $"seed {seed}, {input.Datatype}");
            }
        }
    }

    [Test]
    public async Task Elements_that_are_not_packed_are_read_too(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identities(OnnxType.Float, OnnxType.Double, OnnxType.Int16, OnnxType.Bool), cancellationToken);
        using var client = Of(server);
        var message = Message(
            Tensor("x0", "FP32", [0x35, 0, 0, 0x80, 0x3f], [0x35, 0, 0, 0, 0x40]),
            Tensor("x1", "FP64", [0x39, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f], [0x39, 0, 0, 0, 0, 0, 0, 0, 0x40]),
            Tensor("x2", "INT16", [0x10, 0x01], [0x10, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
            Tensor("x3", "BOOL", [0x08, 0x01], [0x08, 0x00]));

        var answer = await client.InferAsync(message, cancellationToken);

        answer.Outputs[0].Contents.Fp32Contents.Should().Equal(1, 2);
        answer.Outputs[1].Contents.Fp64Contents.Should().Equal(1, 2);
        answer.Outputs[2].Contents.IntContents.Should().Equal(1, -2);
        answer.Outputs[3].Contents.BoolContents.Should().Equal(true, false);

        static byte[] Message(params ProtoWriter[] inputs) => new ProtoWriter().Text(1, "m").Messages(5, inputs).ToArray();

        // Two pieces of contents, which are one list, and a shape that is not packed either.
        static ProtoWriter Tensor(string name, string datatype, byte[] first, byte[] second) =>
            new ProtoWriter().Text(1, name).Bytes(5, first).Text(2, datatype).Bytes(5, second).Number(3, 2);
    }

    [Test]
    public async Task No_message_makes_the_server_fail_or_hang(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Identities(OnnxType.Float, OnnxType.Int8, OnnxType.String), cancellationToken);
        using var client = Of(server);
        var seen = new Dictionary<StatusCode, int>();

        await Parallel.ForEachAsync(Enumerable.Range(0, Mutations), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (seed, token) =>
        {
            var message = Mutate(new Random(seed));
            var status = StatusCode.OK;
            var detail = "";
            try
            {
                await client.InferAsync(message, token);
            }
            catch (RpcException exception)
            {
                (status, detail) = (exception.StatusCode, exception.Status.Detail);
            }

            lock (seen)
            {
                seen[status] = seen.GetValueOrDefault(status) + 1;
            }

            var isExpected = status is StatusCode.OK or StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.DeadlineExceeded;
            isExpected.Should().BeTrue($"{status} '{detail}' came for seed {seed}");
        });

        seen.Keys.Should().Contain([StatusCode.OK, StatusCode.InvalidArgument, StatusCode.NotFound], "mutations must reach every side");
    }

    private static ModelInferRequest RandomRequest(Random random)
    {
        var request = Request();
        request.Id = random.Next(3) == 0 ? "" : $"{random.Next()}";
        foreach (var i in Shuffled(Types.Length, random))
        {
            var count = random.Next(4) == 0 ? 0 : random.Next(1, 300);
            request.Inputs.Add(new InferInput { Name = $"x{i}", Datatype = Types[i].Datatype, Shape = { count }, Contents = RandomContents(Types[i].Datatype, count, random) });
        }

        return request;
    }

    private static int[] Shuffled(int count, Random random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return order;
    }

    private static InferTensorContents RandomContents(string datatype, int count, Random random)
    {
        // Few bits are as likely as many, so that every length of a varint comes up.
        long Whole(int bits) => random.NextInt64(long.MinValue, long.MaxValue) >> (64 - random.Next(1, bits + 1));
        ulong Natural(int bits) => (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> (64 - random.Next(1, bits + 1));
        var some = Enumerable.Range(0, count);
        return datatype switch
        {
            "BOOL" => new() { BoolContents = { some.Select(_ => random.Next(2) == 0) } },
            "INT8" => new() { IntContents = { some.Select(_ => (int)Whole(8)) } },
            "INT16" => new() { IntContents = { some.Select(_ => (int)Whole(16)) } },
            "INT32" => new() { IntContents = { some.Select(_ => (int)Whole(32)) } },
            "INT64" => new() { Int64Contents = { some.Select(_ => Whole(64)) } },
            "UINT8" => new() { UintContents = { some.Select(_ => (uint)Natural(8)) } },
            "UINT16" => new() { UintContents = { some.Select(_ => (uint)Natural(16)) } },
            "UINT32" => new() { UintContents = { some.Select(_ => (uint)Natural(32)) } },
            "UINT64" => new() { Uint64Contents = { some.Select(_ => Natural(64)) } },
            "FP32" => new() { Fp32Contents = { some.Select(_ => random.NextSingle() - 0.5f) } },
            "FP64" => new() { Fp64Contents = { some.Select(_ => random.NextDouble() - 0.5) } },
            "BYTES" => new() { BytesContents = { some.Select(_ => RandomBytes(random)) } },
            _ => throw new ArgumentException(datatype),
        };
    }

    private static ByteString RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(3) == 0 ? 0 : random.Next(200)];
        random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    // A message is the sum of its pieces, so that one whose fields come in another order can be put together from messages of one field.
    private static byte[] InPieces(ModelInferRequest request, Random random)
    {
        var pieces = request.Inputs.Select(input => new ModelInferRequest { Inputs = { input } }).ToList();
        pieces.Insert(random.Next(pieces.Count), new ModelInferRequest { ModelName = request.ModelName });
        pieces.Insert(random.Next(pieces.Count), new ModelInferRequest { Id = request.Id });
        pieces.Insert(0, new ModelInferRequest { ModelName = "overwritten by what comes later" });
        return [.. pieces.SelectMany(piece => piece.ToByteArray())];
    }

    private static byte[] Mutate(Random random)
    {
        var request = random.Next(2) == 0
            ? Request(Floats("x0", [2], 1, 2), new InferInput { Name = "x1", Datatype = "INT8", Shape = { 2 }, Contents = new() { IntContents = { -1, 2 } } })
            : Request(new() { Name = "x0", Datatype = "FP32", Shape = { 2 } }, new InferInput { Name = "x1", Datatype = "INT8", Shape = { 2 } });
        request.Id = "1";
        request.Parameters["timeout"] = new InferParameter { Int64Param = 60_000_000 };
        request.Inputs.Add(new InferInput { Name = "x2", Datatype = "BYTES", Shape = { 1 } });
        if (request.Inputs[0].Contents is null)
        {
            request.RawInputContents.Add([ByteString.CopyFrom(new byte[8]), ByteString.CopyFrom(new byte[2]), ByteString.CopyFrom(1, 0, 0, 0, 65)]);
        }
        else
        {
            request.Inputs[2].Contents = new() { BytesContents = { ByteString.CopyFromUtf8("A") } };
        }

        var message = request.ToByteArray().ToList();
        for (var change = random.Next(4); change > 0 && message.Count > 0; change--)
        {
            var at = random.Next(message.Count);
            switch (random.Next(4))
            {
                case 0: message.RemoveRange(at, Math.Min(random.Next(1, 6), message.Count - at)); break;
                case 1: message.Insert(at, (byte)random.Next(256)); break;
                case 2: message[at] = (byte)random.Next(256); break;
                default: message.RemoveRange(at, message.Count - at); break;
            }
        }

        return [.. message];
    }
}
