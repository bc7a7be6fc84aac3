using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slipway.Runtime.Tests;

/// <summary>A whole host on a fake API server. Disposing it checks that no error was logged that the test did not expect.</summary>
internal sealed class TestRuntime : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _stopped;

    private TestRuntime(FakeApiServer server, IHost host, LogCollector logs)
    {
        Server = server;
        _host = host;
        Logs = logs;
    }

    public FakeApiServer Server { get; }

    public LogCollector Logs { get; }

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Starts; waits until the caches have synced unless <paramref name="sync"/> says otherwise.</summary>
    public static async Task<TestRuntime> StartAsync(
        FakeApiServer server,
        Action<KubernetesRuntimeBuilder> wire,
        TimeProvider? clock = null,
        Action<KubernetesRuntimeOptions>? configure = null,
        bool sync = true)
    {
        var logs = new LogCollector();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.Services.AddSingleton(server.Client);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        wire(builder.Services.AddKubernetesRuntime(options =>
        {
            options.FieldManager = "tester";
            options.InformerBackoffBase = TimeSpan.FromMilliseconds(1);
            options.InformerBackoffCap = TimeSpan.FromMilliseconds(20);
            configure?.Invoke(options);
        }));
        var runtime = new TestRuntime(server, builder.Build(), logs);
        await runtime._host.StartAsync();
        if (sync)
        {
            await runtime.Get<IInformerSync>().WaitForSyncAsync(default).WithinLimit();
        }

        return runtime;
    }

    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _host.StopAsync().WithinLimit();
        }
    }

    /// <summary>Waits until the cache shows what the server has of this object.</summary>
    public Task CaughtUpAsync<T>(string collection, ObjectKey key)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Eventually.IsTrueAsync(() =>
            Get<IObjectStore<T>>().Get(key)?.Metadata.ResourceVersion == (string?)Server.Store.Get(collection, key.Namespace, key.Name)?["metadata"]!["resourceVersion"]);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
        Logs.AssertNoUnexpectedErrors();
    }
}
