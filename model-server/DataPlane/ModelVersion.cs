using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.DataPlane;

/// <summary>A version that is loaded, warmed up and ready to answer. Immutable; whoever holds the reference may use it.</summary>
internal sealed class ModelVersion(string model, string version, string digest, ModelSession session, InferenceGate gate) : IDisposable
{
    public string Model => model;

    public string Version => version;

    /// <summary><c>sha256:…</c> of the bytes that were loaded.</summary>
    public string Digest => digest;

    public ModelSession Session => session;

    public InferenceGate Gate => gate;

    public void Dispose() => session.Dispose();
}
