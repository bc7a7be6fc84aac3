using System.CommandLine;
using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Commands;

/// <summary>The options of <c>serve</c> that say which versions are in memory.</summary>
internal sealed class VersionOptions
{
    private readonly Option<string> _poll = new("--poll-interval") { Description = "how often storage is asked for newer versions, with --version latest", DefaultValueFactory = _ => "1m" };
    private readonly Option<int> _newest = new("--newest-versions") { Description = "how many of the newest versions are served side by side, with --version latest", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _mostLoaded = new("--max-loaded-versions") { Description = $"most versions in memory at a time, at most {ServerSettings.MostLoadedVersions}; a new one is loaded before an old one leaves", DefaultValueFactory = _ => ServerSettings.DefaultMaxLoadedVersions };
    private readonly Option<bool> _control = new("--enable-model-control") { Description = "load and unload versions by request on the management port" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_poll, _newest, _mostLoaded, _control])
        {
            command.Options.Add(option);
        }
    }

    /// <summary><paramref name="errors"/> grows by what is out of bounds.</summary>
    public ServerSettings ReadInto(ServerSettings settings, ParseResult parsed, List<string> errors)
    {
        var pollText = parsed.GetRequiredValue(_poll);
        if (!GoDuration.TryParse(pollText, out var poll) || poll < ServerSettings.ShortestPollInterval || poll > ServerSettings.LongestPollInterval)
        {
            errors.Add($"{_poll.Name}: must be a duration of 1s to 24h, such as 1m, got '{pollText}'");
        }

        // While versions are swapped, the new one is in memory besides those that are served.
        var newest = parsed.GetValue(_newest);
        var mostLoaded = parsed.GetValue(_mostLoaded);
        var leastLoaded = settings.FollowsLatest ? newest + 1 : 1;
        if (newest is < 1 or >= ServerSettings.MostLoadedVersions)
        {
            errors.Add($"{_newest.Name}: must be 1 to {ServerSettings.MostLoadedVersions - 1}, got {newest}");
        }
        else if (mostLoaded < leastLoaded || mostLoaded > ServerSettings.MostLoadedVersions)
        {
            var why = settings.FollowsLatest ? " (one more than are served, for a new version is loaded before an old one leaves)" : "";
            errors.Add($"{_mostLoaded.Name}: must be {leastLoaded}{why} to {ServerSettings.MostLoadedVersions}, got {mostLoaded}");
        }

        return settings with
        {
            PollInterval = poll,
            NewestVersions = newest,
            MaxLoadedVersions = mostLoaded,
            ModelControl = parsed.GetValue(_control),
        };
    }
}
