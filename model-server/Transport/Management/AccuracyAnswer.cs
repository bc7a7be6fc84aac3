using Slipway.Api.Monitoring;

namespace Slipway.ModelServer.Transport.Management;

/// <summary>The body of <c>/accuracy</c>.</summary>
internal sealed record AccuracyAnswer(string Model, IReadOnlyList<VersionAccuracy> Versions);
