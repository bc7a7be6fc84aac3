using Slipway.ModelServer.Repository;

namespace Slipway.ModelServer.DataPlane;

/// <summary>The versions that this server knows of, the newest first. Reading takes no lock.</summary>
internal sealed class VersionTable
{
    private readonly Lock _changing = new();
    private volatile VersionEntry[] _entries = [];

    public IReadOnlyList<VersionEntry> Entries => _entries;

    /// <summary>Raised after every change here, and by the server's lifecycle after its own.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>The version that answers requests which name none: the newest that is ready; null when none is.</summary>
    public ModelVersion? Newest => Array.Find(_entries, entry => entry.Loaded is not null)?.Loaded;

    /// <summary>Enters a version that is ready; the caller owes <see cref="ModelVersion.Leave"/>.</summary>
    /// <param name="asked">Empty asks for the newest.</param>
    /// <param name="known">Whether there is such a version, ready or not.</param>
    public ModelVersion? TryEnter(ReadOnlySpan<char> asked, out bool known)
    {
        VersionEntry[] entries;
        do
        {
            entries = _entries;
            if (TryEnter(entries, asked, out known) is { } loaded)
            {
                return loaded;
            }
        }
        while (entries != _entries);

        // Only what did not change while it was looked at is believed: a version may have been replaced just then.
        return null;
    }

    public void Set(string version, VersionState state, string reason) => Put(new VersionEntry(version, state, reason, Loaded: null));

    /// <summary>From now on requests may enter it.</summary>
    public void Add(ModelVersion loaded) => Put(new VersionEntry(loaded.Version, VersionState.Ready, "", loaded));

    /// <summary>No request enters the version any more; the caller retires it.</summary>
    /// <returns>Null when it is not loaded.</returns>
    public ModelVersion? Withdraw(string version, string reason)
    {
        lock (_changing)
        {
            var loaded = Array.Find(_entries, entry => entry.Version == version)?.Loaded;
            if (loaded is not null)
            {
                Put(new VersionEntry(version, VersionState.Unloading, reason, Loaded: null));
            }

            return loaded;
        }
    }

    /// <summary>Forgets a version that is not loaded.</summary>
    public void Remove(string version)
    {
        lock (_changing)
        {
            _entries = [.. _entries.Where(entry => entry.Version != version || entry.Loaded is not null)];
        }

        Changed.Raise();
    }

    private static ModelVersion? TryEnter(VersionEntry[] entries, ReadOnlySpan<char> asked, out bool known)
    {
        known = false;
        foreach (var entry in entries)
        {
            if (!asked.IsEmpty && !asked.SequenceEqual(entry.Version))
            {
                continue;
            }

            known = true;
            if (entry.Loaded is { } loaded && loaded.TryEnter())
            {
                return loaded;
            }
        }

        return null;
    }

    private void Put(VersionEntry entry)
    {
        lock (_changing)
        {
            _entries =
            [
                .. _entries.Where(other => other.Version != entry.Version).Append(entry)
                    .OrderByDescending(each => each.Version, VersionOrder.Instance),
            ];
        }

        Changed.Raise();
    }
}
