using Slipway.Api;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Health;

/// <summary>Where the server is in the life of its one version, and the loaded version itself. Safe for many threads; reading takes no lock.</summary>
internal sealed class ServerLifecycle(string model, string version) : IDisposable
{
    private readonly Lock _changing = new();
    private volatile ModelVersion? _serving;
    private volatile Snapshot _snapshot = new(ServerState.Loading, "");

    /// <summary>The version that answers requests, also while draining; null until it is loaded.</summary>
    public ModelVersion? Serving => _serving;

    /// <summary>Whether new requests are wanted: loaded, warmed up and not draining.</summary>
    public bool IsReady => _snapshot.State == ServerState.Ready;

    public bool IsDraining => _snapshot.State == ServerState.Draining;

    public void Trouble(string message)
    {
        lock (_changing)
        {
            if (_snapshot.State == ServerState.Loading)
            {
                _snapshot = new(ServerState.Loading, message);
            }
        }
    }

    public void Loaded(ModelVersion loaded)
    {
        lock (_changing)
        {
            _serving = loaded;
            if (_snapshot.State == ServerState.Loading)
            {
                _snapshot = new(ServerState.Ready, "");
            }
        }
    }

    public void Fail(string message)
    {
        lock (_changing)
        {
            _snapshot = new(ServerState.Failed, message);
        }
    }

    /// <summary>Fails readiness at once.</summary>
    public void BeginDrain()
    {
        lock (_changing)
        {
            _snapshot = new(ServerState.Draining, "The server was asked to stop; it finishes what it accepted.");
        }
    }

    public ServerStatus Status()
    {
        var (state, message) = _snapshot;
        var serving = _serving;
        return new ServerStatus
        {
            Model = model,
            Version = version,
            Digest = serving?.Digest ?? "",
            State = state,
            Message = message,
            Inputs = [.. (serving?.Session.Inputs ?? []).Select(Describe)],
            Outputs = [.. (serving?.Session.Outputs ?? []).Select(Describe)],
        };
    }

    public void Dispose() => _serving?.Dispose();

    private static TensorDescription Describe(Inference.TensorSpec spec) => new(spec.Name, Inference.Datatypes.Name(spec.Datatype), spec.Shape);

    private sealed record Snapshot(string State, string Message);
}
