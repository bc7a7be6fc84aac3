using Slipway.Api;

namespace Slipway.Operator.Desire;

/// <summary>What the builders know: the object, the name of its newest revision, and the operator's own settings.</summary>
/// <param name="ServerImage">Image of pods whose spec names none.</param>
internal sealed record DesireContext(ModelDeployment Model, string Revision, string ServerImage);
