using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Configuration;

internal sealed class LiveFileTests
{
    private static readonly LiveSettings Start = new() { MaxConcurrency = 7, MaxDelay = TimeSpan.FromMilliseconds(3), SlowThreshold = TimeSpan.FromSeconds(2) };

    private DirectoryInfo _folder = null!;
    private MountedVolume _volume = null!;
    private LiveState _state = null!;
    private LiveFile _file = null!;

    [SetUp]
    public void Mount()
    {
        _folder = Directory.CreateTempSubdirectory("slipway-live-");
        _volume = new MountedVolume(_folder.FullName);
        _state = new LiveState(Start);
        _file = new LiveFile(FilePath, Start, TimeSpan.FromSeconds(5), _state, new FakeTimeProvider(), NullLogger.Instance);
    }

    [TearDown]
    public async Task Unmount()
    {
        await _file.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Test]
    public void Without_a_file_the_server_goes_on_as_it_started()
    {
        _file.Look();

        (_state.Current, _state.Trouble).Should().Be((Start, ""));
    }

    [Test]
    public void What_the_file_says_wins_and_the_rest_stays_as_the_server_started()
    {
        Look("maxConcurrency: 1\nbatching: {maxDelay: 0s}\n");

        _state.Current.Should().Be(Start with { MaxConcurrency = 1, MaxDelay = TimeSpan.Zero });
    }

    [Test]
    public void A_setting_that_leaves_the_file_is_as_the_server_started_again()
    {
        Look("maxConcurrency: 1\nslowThreshold: 50ms\n");
        Look("slowThreshold: 60ms\n");
        Look("{}\n");

        _state.Current.Should().Be(Start);
    }

    [TestCase("maxConcurrency: -1", "live.yaml: maxConcurrency: must be 0 to 1000000, got -1.")]
    [TestCase("batching: {maxDelay: 5s}", "live.yaml: batching.maxDelay: must be less than requestTimeout (5s), or calls time out while they wait for others, got '5s'.")]
    [TestCase("maxConcurrency: 2\nslowThreshold: soon", "live.yaml: slowThreshold: must be a duration such as 50ms and more than zero, got 'soon'.")]
    [TestCase("maxConcurrency: [", "live.yaml: is not valid YAML: line ")]
    [TestCase("expected: {uri: 's3://a/b', version: '7', digest: abc}", "live.yaml: expected.digest: must be sha256: and 64 hex digits, got 'abc'.")]
    [TestCase("", "live.yaml: must hold one mapping with keys such as maxConcurrency, batching.maxDelay, slowThreshold.")]
    public void A_file_that_is_wrong_keeps_all_the_last_good_settings_and_says_so(string text, string why)
    {
        Look("maxConcurrency: 4\n");
        Look(text);

        _state.Current.MaxConcurrency.Should().Be(4);
        _state.Trouble.Should().Contain(why).And.EndWith(" The last good live settings stay in force; correct the file.");

        Look("maxConcurrency: 5\n");
        (_state.Current.MaxConcurrency, _state.Trouble).Should().Be((5, ""));
    }

    [Test]
    public void The_bytes_that_a_version_has_are_taken_up()
    {
        Look($"expected: {{uri: 's3://a/b', version: '7', digest: 'sha256:{new string('A', 64)}'}}\n");

        _state.Current.Expected.Should().Be(new ExpectedVersion { Uri = "s3://a/b", Version = "7", Digest = $"sha256:{new string('a', 64)}" });
    }

    [Test]
    public void All_that_is_wrong_is_said_at_once()
    {
        Look("maxConcurrency: x\nbatching: {maxDelay: y}\nslowThreshold: z\n");

        _state.Trouble.Should().ContainAll(": maxConcurrency: ", ": batching.maxDelay: ", ": slowThreshold: ");
    }

    [Test]
    public void A_file_that_goes_away_changes_nothing()
    {
        Look("maxConcurrency: 4\n");
        File.Delete(FilePath);
        _file.Look();

        (_state.Current.MaxConcurrency, _state.Trouble).Should().Be((4, ""));
    }

    [Test]
    public void A_file_that_cannot_be_read_for_a_while_is_no_trouble_afterwards()
    {
        Look("maxConcurrency: 4\n");
        var kept = File.ReadAllText(FilePath);
        File.Delete(FilePath);
        File.WriteAllText(FilePath, new string(' ', (1 << 20) + 1));
        _file.Look();
        _state.Trouble.Should().Contain("cannot be read: it is larger than 1048576 bytes");

        File.WriteAllText(FilePath, kept);
        _file.Look();

        (_state.Current.MaxConcurrency, _state.Trouble).Should().Be((4, ""));
    }

    private string FilePath => Path.Combine(_folder.FullName, ServerContract.LiveFile);

    private void Look(string text)
    {
        _volume.Replace((ServerContract.LiveFile, text));
        _file.Look();
    }
}
