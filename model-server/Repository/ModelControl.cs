using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Repository;

/// <summary>Loads and unloads at the wish of people, beside what the server was started for.</summary>
/// <param name="latest">Null when one version is served.</param>
internal sealed class ModelControl(ServerSettings settings, ModelRepository repository, VersionTable versions, LatestVersions? latest)
{
    /// <summary>The reason that a version is told to be absent for.</summary>
    public const string UnloadedByRequest = "It was unloaded by request; load it again to serve it.";

    /// <summary>Returns when the version answers requests.</summary>
    /// <param name="version">Empty for what the server was started for, as if nothing had been asked for by hand.</param>
    /// <exception cref="ModelRejectedException">The version can never load.</exception>
    /// <exception cref="TooManyVersionsException">As many as may be are loaded.</exception>
    public async Task LoadAsync(string version, CancellationToken cancellationToken)
    {
        if (version.Length > 0)
        {
            latest?.Keep(version);
            await repository.LoadAsync(version, cancellationToken);
        }
        else if (latest is null)
        {
            await repository.LoadAsync(settings.Version, cancellationToken);
        }
        else
        {
            latest.Resume();
            await latest.LookAsync(cancellationToken);
        }
    }

    /// <summary>Returns when the requests inside were answered and the memory is free.</summary>
    /// <param name="version">Empty for all.</param>
    /// <exception cref="ServingException">The version is not loaded.</exception>
    public async Task UnloadAsync(string version)
    {
        if (version.Length == 0)
        {
            latest?.Pause();
            await Task.WhenAll(versions.Entries.Where(entry => entry.Loaded is not null).Select(entry => repository.UnloadAsync(entry.Version, UnloadedByRequest)));
            return;
        }

        latest?.HoldBack(version);
        if (!await repository.UnloadAsync(version, UnloadedByRequest))
        {
            throw new ServingException(ErrorCode.NotFound, $"Model '{settings.Model}' has no version {Quote.Of(version)} in memory.");
        }
    }
}
