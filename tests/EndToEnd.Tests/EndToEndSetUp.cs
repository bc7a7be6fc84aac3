using Slipway.EndToEnd.Tests.Support;

namespace Slipway.EndToEnd.Tests;

/// <summary>Starts the cluster before the first test of this assembly and stops it after the last.</summary>
[SetUpFixture]
internal sealed class EndToEndSetUp
{
    [OneTimeSetUp]
    public Task Start() => TestCluster.StartAsync();

    [OneTimeTearDown]
    public Task Stop() => TestCluster.StopAsync();
}
