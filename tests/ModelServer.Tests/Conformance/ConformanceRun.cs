using Microsoft.ML.OnnxRuntime;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>Runs a case by the runtime alone and by the server, and compares the bits.</summary>
internal static class ConformanceRun
{
    public static async Task<ConformanceOutcome> RunAsync(ConformanceServer server, string name, Func<ConformanceCase> read, CancellationToken cancellationToken)
    {
        ConformanceCase test;
        var results = new List<IReadOnlyList<RawTensor>>();
        try
        {
            test = read();
            if (RunAlone(test, results) is { } reason)
            {
                return new(name, reason, "");
            }
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or InvalidDataException or ArgumentException)
        {
            return new(name, Short(OrtMessage.Of(exception)), "");
        }

        try
        {
            var failure = "";
            await server.ServeAsync(test.ModelFile, async version => failure = await CompareAsync(server, version, test, results, cancellationToken), cancellationToken);
            return new(name, "", failure);
        }
        catch (Exception exception) when (exception is ModelRejectedException or ServingException or InvalidDataException or Grpc.Core.RpcException)
        {
            return new(name, "", exception.Message);
        }
    }

    private static string? RunAlone(ConformanceCase test, List<IReadOnlyList<RawTensor>> results)
    {
        using var alone = new InProcess(test.ModelFile);
        if (alone.WhyNotExpressible() is { } reason)
        {
            return reason;
        }

        foreach (var set in test.Sets)
        {
            if (set.Inputs.Count != alone.Inputs.Count)
            {
                return $"test data has {set.Inputs.Count} inputs, the model {alone.Inputs.Count}";
            }

            var got = alone.Run(set.Inputs);
            for (var i = 0; i < set.Expected.Count; i++)
            {
                if (!Tolerance.Meets(got[i], set.Expected[i]))
                {
                    return $"in-process, output {alone.Outputs[i]} is out of tolerance";
                }
            }

            results.Add(got);
        }

        return null;
    }

    private static async Task<string> CompareAsync(
        ConformanceServer server, ModelVersion version, ConformanceCase test, List<IReadOnlyList<RawTensor>> results, CancellationToken cancellationToken)
    {
        foreach (var client in server.Clients)
        {
            for (var set = 0; set < test.Sets.Count; set++)
            {
                var answered = await client.InferAsync(version, test.Sets[set].Inputs, cancellationToken);
                var differing = Enumerable.Range(0, results[set].Count).FirstOrDefault(i => i >= answered.Count || !answered[i].IsSame(results[set][i]), -1);
                if (differing >= 0 || answered.Count != results[set].Count)
                {
                    return $"over {client.Name}, output {differing} of set {set} is not the bits of the run in-process";
                }
            }
        }

        return "";
    }

    // Enough to tell one reason from another; the whole sentence changes from version to version of the runtime.
    private static string Short(string message) => message.Length > 120 ? message[..120] : message;
}
