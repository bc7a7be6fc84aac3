using Microsoft.Extensions.Options;

namespace Slipway.Runtime.Tests;

internal sealed class LeaderElectionOptionsTests
{
    [TestCase(10, 10, 2, "*longer than RenewDeadline*")]
    [TestCase(15, 10, 6, "*at least twice RetryPeriod*")]
    [TestCase(15.5, 10, 2, "*whole seconds*")]
    [TestCase(1, 1, 0.2, "*LeaseDuration*")]
    public async Task Times_that_do_not_fit_together_are_an_error_when_the_host_starts(double lease, double renew, double retry, string message)
    {
        await using var server = await FakeApiServer.StartAsync();

        await FluentActions.Awaiting(() => TestRuntime.StartAsync(server, kubernetes => kubernetes.AddLeaderElection(options =>
            {
                (options.LeaseNamespace, options.LeaseName) = ("sys", "op");
                (options.LeaseDuration, options.RenewDeadline, options.RetryPeriod) = (TimeSpan.FromSeconds(lease), TimeSpan.FromSeconds(renew), TimeSpan.FromSeconds(retry));
            })))
            .Should().ThrowAsync<OptionsValidationException>().WithMessage(message);
    }

    [Test]
    public async Task A_lease_without_a_namespace_is_an_error_when_the_host_starts()
    {
        await using var server = await FakeApiServer.StartAsync();

        await FluentActions.Awaiting(() => TestRuntime.StartAsync(server, kubernetes => kubernetes.AddLeaderElection(options => options.LeaseName = "op")))
            .Should().ThrowAsync<OptionsValidationException>().WithMessage("*LeaseNamespace*");
    }

    [Test]
    public void Two_runs_on_one_host_have_two_identities()
    {
        var (one, other) = (new LeaderElectionOptions().Identity, new LeaderElectionOptions().Identity);

        one.Should().StartWith($"{Environment.MachineName}_").And.NotBe(other);
    }
}
