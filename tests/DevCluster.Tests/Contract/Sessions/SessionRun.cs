namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>What one run of kubectl or helm did here. <paramref name="Exit"/> is null when the replay ended it, as the recorder had ended the recorded one.</summary>
internal sealed record SessionRun(int? Exit, string Output, string Error, IReadOnlyList<SessionRequest> Requests);
