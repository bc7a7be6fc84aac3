namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>A model with inputs and, where known, the outputs that it must give.</summary>
/// <param name="Sets">One for each run.</param>
internal sealed record ConformanceCase(string Name, string ModelFile, IReadOnlyList<ConformanceSet> Sets);

/// <param name="Inputs">In the model's order.</param>
/// <param name="Expected">In the model's order; empty when only the server is held against the runtime.</param>
internal sealed record ConformanceSet(IReadOnlyList<RawTensor> Inputs, IReadOnlyList<RawTensor> Expected);

/// <summary>How a case ended.</summary>
/// <param name="LeftOut">Why the case says nothing of the server; empty when it does.</param>
/// <param name="Failure">Where the server's answer differs from the runtime's; empty when nowhere.</param>
internal sealed record ConformanceOutcome(string Name, string LeftOut, string Failure);
