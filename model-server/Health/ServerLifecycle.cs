using Slipway.Api;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Health;

/// <summary>Where the server is in its life. Safe for many threads; reading takes no lock.</summary>
/// <param name="version">The version that was asked for, told while none is loaded.</param>
internal sealed class ServerLifecycle(string model, string version, VersionTable versions) : IDisposable
{
    private readonly Lock _changing = new();
    private readonly CancellationTokenSource _draining = new();
    private volatile Snapshot _snapshot = new(ServerState.Loading, "");

    /// <summary>Whether new requests are wanted: loaded, warmed up and not draining.</summary>
    public bool IsReady => _snapshot.State == ServerState.Ready && versions.Newest is not null;

    public bool IsDraining => _snapshot.State == ServerState.Draining;

    /// <summary>Cancelled when the drain begins.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Something keeps a version from loading for now; empty when it is over.</summary>
    public void Trouble(string message)
    {
        lock (_changing)
        {
            if (_snapshot.State is ServerState.Loading or ServerState.Ready)
            {
                _snapshot = _snapshot with { Message = message };
            }
        }
    }

    /// <summary>From now on the version answers requests.</summary>
    public void Loaded(ModelVersion loaded)
    {
        lock (_changing)
        {
            versions.Add(loaded);
            if (_snapshot.State == ServerState.Loading)
            {
                _snapshot = _snapshot with { State = ServerState.Ready };
            }
        }

        versions.Changed.Raise();
    }

    public void Fail(string message)
    {
        lock (_changing)
        {
            _snapshot = new(ServerState.Failed, message);
        }

        versions.Changed.Raise();
    }

    /// <summary>Fails readiness at once.</summary>
    public void BeginDrain()
    {
        lock (_changing)
        {
            _snapshot = new(ServerState.Draining, "The server was asked to stop; it finishes what it accepted.");
        }

        _draining.Cancel();
        versions.Changed.Raise();
    }

    public ServerStatus Status()
    {
        var (state, message) = _snapshot;
        var serving = versions.Newest;
        return new ServerStatus
        {
            Model = model,
            Version = serving?.Version ?? version,
            Digest = serving?.Digest ?? "",
            State = state == ServerState.Ready && serving is null ? ServerState.Unloaded : state,
            Message = message.Length > 0 ? message : Refusal(),
            Inputs = [.. (serving?.Session.Inputs ?? []).Select(Describe)],
            Outputs = [.. (serving?.Session.Outputs ?? []).Select(Describe)],
        };
    }

    public void Dispose() => _draining.Dispose();

    // What is newer than the version that answers and is not in memory would answer if it could.
    private string Refusal() => versions.Entries.TakeWhile(entry => entry.Loaded is null).FirstOrDefault(entry => entry.Reason.Length > 0)?.Reason ?? "";

    private static TensorDescription Describe(Inference.TensorSpec spec) => new(spec.Name, Inference.Datatypes.Name(spec.Datatype), spec.Shape);

    private sealed record Snapshot(string State, string Message);
}
