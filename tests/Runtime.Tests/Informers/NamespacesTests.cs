using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class NamespacesTests
{
    private FakeApiServer _server = null!;

    [SetUp]
    public async Task StartServer() => _server = await FakeApiServer.StartAsync();

    [TearDown]
    public async Task StopServer() => await _server.DisposeAsync();

    [Test]
    public async Task Only_the_namespaces_of_the_options_are_asked_for()
    {
        Create("home", "away", "inn");

        await using var runtime = await StartAsync("home", "inn", "home");

        Names(runtime).Should().Equal("home", "inn");
        _server.Requests.Where(request => request.IsList).Select(request => request.Namespace).Should().BeEquivalentTo("home", "inn");
    }

    [Test]
    public async Task A_new_list_of_one_namespace_leaves_the_others_alone()
    {
        Create("home", "inn");
        await using var runtime = await StartAsync("home", "inn");

        _server.Store.Delete("pods", "home", "home");
        _server.Store.Compact();
        _server.DropWatches();

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
            _server.Store.Create("pods", A.Json(A.Pod(@namespace, @namespace)));
        }
    }

    private Task<TestRuntime> StartAsync(params string[] namespaces) =>
        TestRuntime.StartAsync(_server, kubernetes => kubernetes.AddInformer<V1Pod>(), configure: options => options.Namespaces = namespaces);
}
