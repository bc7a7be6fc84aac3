using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.ModelYaml;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>Loads models without a server around them.</summary>
internal static class Sessions
{
    /// <summary>Loads version 1 of a folder as its <c>model.yaml</c> says.</summary>
    public static ModelSession Load(ModelFolder folder)
    {
        var version = Path.Combine(folder.Path, "1");
        return ModelSession.Load(
            Path.Combine(version, "model.onnx"), new SessionSettings(), new PipelineBuilder(ModelConfigFile.Read(version), version).Build);
    }

    public static string WhyNot(ModelFolder folder)
    {
        var load = () => Load(folder).Dispose();
        return load.Should().Throw<ModelRejectedException>().Which.Message;
    }

    /// <summary>A call filled with an infer request's JSON.</summary>
    public static InferCall Call(this ModelSession session, string json)
    {
        var call = session.Rent();
        InferRequestReader.Read(new RequestParts(System.Text.Encoding.UTF8.GetBytes(json), [], new RequestLimits()), call);
        session.Text?.Encode(call);
        return call;
    }

    public static InferResult Run(this ModelSession session, InferCall call) => new(call, new RunOutputs(session.Run(call, CancellationToken.None), users: 1));
}
