using Slipway.Api;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class ServiceMonitorBuilderTests
{
    private static readonly MonitoringSpec Monitoring = new() { RuleLabels = new Dictionary<string, string> { ["release"] = "prometheus" } };

    [Test]
    public void Every_pod_is_read_and_the_users_labels_are_on_it() => Golden.Match(ServiceMonitorBuilder.Build(A.Context(A.Model(monitoring: Monitoring)))!, "service-monitor");

    [Test]
    public void One_service_of_the_model_alone_has_the_port_that_is_read()
    {
        var context = A.Context(A.Model(monitoring: Monitoring));
        var endpoint = ServiceMonitorBuilder.Build(context)!.Spec!.Endpoints.Single();

        HeadlessServiceBuilder.Build(context).Spec.Ports.Should().ContainSingle(port => port.Name == endpoint.Port);
        ServiceBuilder.Build(context).Spec.Ports.Should().NotContain(port => port.Name == endpoint.Port, "each pod would be read and counted twice");
    }

    [Test]
    public void None_is_wanted_without_monitoring() => ServiceMonitorBuilder.Build(A.Context()).Should().BeNull();
}
