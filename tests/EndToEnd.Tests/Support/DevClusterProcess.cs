namespace Slipway.EndToEnd.Tests.Support;

/// <summary><c>slipway-dev</c> as a process of its own, as the quickstart starts it.</summary>
internal sealed class DevClusterProcess(string dataDirectory, params string[] arguments)
    : ProgramProcess("Slipway.DevCluster", "slipway-dev", ["up", "--data-dir", dataDirectory, .. arguments]);
