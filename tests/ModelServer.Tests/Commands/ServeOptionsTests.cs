using System.CommandLine;
using Slipway.ModelServer.Commands;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Docs;

namespace Slipway.ModelServer.Tests.Commands;

internal sealed class ServeOptionsTests
{
    [Test]
    public void The_reference_lists_the_options_that_there_are_with_their_defaults()
    {
        OptionTable.RequireToListAll(ServeCommand.Create());
    }

    [TestCase("--version latest --digest sha256:0000000000000000000000000000000000000000000000000000000000000000", "command line: digest: vouches for one version, and cannot be given with version latest; *")]
    [TestCase("--version latest --uri https://models.example/m", "command line: version: cannot be latest at https://models.example/m, *")]
    [TestCase("--version latest --poll-interval 10ms", "--poll-interval: must be a duration of 1s to 24h, such as 1m, got '10ms'")]
    [TestCase("--version latest --newest-versions 3", "--max-loaded-versions: must be 4 (one more than are served, *) to 32, got 3")]
    [TestCase("--version latest --newest-versions 32", "--newest-versions: must be 1 to 31, got 32")]
    [TestCase("--version 1 --max-loaded-versions 0", "--max-loaded-versions: must be 1 to 32, got 0")]
    public void Versions_that_cannot_be_kept_in_memory_so_are_refused(string arguments, string error)
    {
        var (settings, errors) = Read(arguments.Contains("--uri", StringComparison.Ordinal) ? arguments : $"--uri file:///models {arguments}");

        settings.Should().BeNull();
        errors.Should().ContainSingle().Which.Should().Match(error);
    }

    [Test]
    public void The_newest_versions_are_followed_as_asked()
    {
        var (settings, errors) = Read("--uri file:///models --version latest --poll-interval 5s --newest-versions 2 --max-loaded-versions 4 --enable-model-control");

        errors.Should().BeEmpty();
        settings!.Should().BeEquivalentTo(new { FollowsLatest = true, PollInterval = TimeSpan.FromSeconds(5), NewestVersions = 2, MaxLoadedVersions = 4, ModelControl = true });
    }

    private static (ServerSettings? Settings, List<string> Errors) Read(string arguments)
    {
        var options = new ServeOptions();
        var command = new Command("serve");
        options.AddTo(command);
        var errors = new List<string>();
        return (options.Read(command.Parse($"--model m {arguments}"), errors, []), errors);
    }
}
