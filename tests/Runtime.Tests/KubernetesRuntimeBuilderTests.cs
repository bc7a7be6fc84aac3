using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Runtime.Tests;

internal sealed class KubernetesRuntimeBuilderTests
{
    [Test]
    public void Two_selectors_of_one_type_are_an_error_that_names_both()
    {
        var kubernetes = new ServiceCollection().AddKubernetesRuntime().AddInformer<V1Pod>("a=b");

        kubernetes.Invoking(builder => builder.AddController<DelegateController, Widget>(controller => controller.Watches<V1Pod>(_ => [], "c=d")))
            .Should().Throw<InvalidOperationException>().WithMessage("*V1Pod*\"a=b\"*\"c=d\"*");
    }

    [Test]
    public async Task Two_users_of_one_type_and_selector_share_one_informer()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var runtime = await TestRuntime.StartAsync(server, kubernetes => kubernetes
            .AddInformer<V1Pod>("a=b")
            .AddController<DelegateController, Widget>(controller => controller.Watches<V1Pod>(_ => [], "a=b")));

        runtime.Get<Informer<V1Pod>>().Store.Should().BeSameAs(runtime.Get<IObjectStore<V1Pod>>());
        server.Requests.Where(request => request.IsList && request.Plural == "pods").Should().ContainSingle()
            .Which.Query["labelSelector"].Should().Be("a=b");
    }

    [Test]
    public async Task Two_controllers_of_one_name_are_an_error_when_the_host_starts()
    {
        await using var server = await FakeApiServer.StartAsync();

        await FluentActions.Awaiting(() => TestRuntime.StartAsync(server, kubernetes => kubernetes
                .AddController<DelegateController, Widget>()
                .AddController<DelegateController, Widget>()))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*\"widget\"*Named()*");
    }

    [Test]
    public async Task Options_out_of_bounds_are_an_error_when_the_host_starts()
    {
        await using var server = await FakeApiServer.StartAsync();

        await FluentActions.Awaiting(() => TestRuntime.StartAsync(server, kubernetes => { }, configure: options => options.PageSize = 0))
            .Should().ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*PageSize*");
    }

    [Test]
    public void A_type_that_does_not_say_where_it_lives_is_an_error_that_says_so() =>
        new ServiceCollection().AddKubernetesRuntime().Invoking(kubernetes => kubernetes.AddInformer<Homeless>())
            .Should().Throw<InvalidOperationException>().WithMessage("*Homeless*KubernetesEntity*");

    private sealed class Homeless : k8s.IKubernetesObject<V1ObjectMeta>
    {
        public string ApiVersion { get; set; } = "";

        public string Kind { get; set; } = "";

        public V1ObjectMeta Metadata { get; set; } = new();
    }
}
