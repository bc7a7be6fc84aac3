using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>One way to ask the server.</summary>
internal interface IConformanceClient
{
    string Name { get; }

    /// <param name="version">The version that is served now.</param>
    /// <param name="inputs">In the model's order.</param>
    /// <returns>All outputs, in the model's order.</returns>
    Task<IReadOnlyList<RawTensor>> InferAsync(ModelVersion version, IReadOnlyList<RawTensor> inputs, CancellationToken cancellationToken);
}
