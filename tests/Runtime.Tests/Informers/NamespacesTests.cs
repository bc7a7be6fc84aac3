using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class NamespacesTests : InformerTest
{
    [Test]
    public async Task Only_the_namespaces_of_the_options_are_asked_for()
    {
        Create("home", "away", "inn");

        await using var runtime = await StartAsync("home", "inn", "home");

        Names(runtime).Should().Equal("home", "inn");
        Server.Requests.Where(request => request.IsList).Select(request => request.Namespace).Should().BeEquivalentTo("home", "inn");
    }

    [Test]
    public async Task A_new_list_of_one_namespace_leaves_the_others_alone()
    {
        Create("home", "inn");
        await using var runtime = await StartAsync("home", "inn");

        Server.Store.Delete("pods", "home", "home");
        Server.Store.Compact();
        Server.DropWatches();

        await Eventually.IsTrueAsync(() => Names(runtime).SequenceEqual(["inn"]));
        Create("home");
        await Eventually.IsTrueAsync(() => Names(runtime).SequenceEqual(["home", "inn"]));
    }

    private static IEnumerable<string> Names(TestRuntime runtime) =>
        runtime.Get<IObjectStore<V1Pod>>().List().Select(pod => pod.Metadata.Name).Order();

    private void Create(params string[] namespaces)
    {
        foreach (var @namespace in namespaces)
        {
            Server.Store.Create("pods", A.Json(A.Pod(@namespace, @namespace)));
        }
    }

    private Task<TestRuntime> StartAsync(params string[] namespaces) =>
        StartAsync(configure: options => options.Namespaces = namespaces);
}
