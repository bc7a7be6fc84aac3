using Slipway.Api;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Slipway.ModelServer.Tests.Configuration;

internal sealed class ConfigFileTests
{
    private const string Served = "model: m\nuri: file:///models/m\nversion: '1'\n";

    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];

    [SetUp]
    public void Forget()
    {
        _errors.Clear();
        _warnings.Clear();
    }

    private static readonly ExpectedVersion Expected = new() { Uri = "file:///models/m", Version = "7", Digest = $"sha256:{new string('0', 64)}" };

    [Test]
    public void Everything_that_the_operator_can_write_is_read()
    {
        var written = new ServerConfig
        {
            Model = "m",
            Uri = "file:///models/m",
            Version = "7",
            Digest = $"sha256:{new string('0', 64)}",
            RequestTimeout = "31s",
            Batching = new() { Mode = "On", MaxBatchSize = 3, MaxDelay = "2ms" },
            Runtime = new() { IntraOpThreads = 2, InterOpThreads = 3, Optimization = "Basic", Execution = "Parallel", MemoryArena = false, MemoryPattern = false, Instances = 4 },
            MaxConcurrency = 5,
            SlowThreshold = "50ms",
            RequestLog = "Errors",
            Expected = Expected,
        };

        Parse(Yaml(written), ConfigFile.Keys).Should().Be(written);
        _errors.Concat(_warnings).Should().BeEmpty();
    }

    [Test]
    public void Every_live_setting_that_the_operator_can_write_is_read()
    {
        var written = new LiveConfig { MaxConcurrency = 5, Batching = new() { MaxDelay = "2ms" }, SlowThreshold = "50ms", RequestLog = "All", Expected = Expected };

        var read = Parse(Yaml(written), ConfigFile.LiveKeys);

        new LiveConfig { MaxConcurrency = read.MaxConcurrency, Batching = new() { MaxDelay = read.Batching.MaxDelay }, SlowThreshold = read.SlowThreshold, RequestLog = read.RequestLog, Expected = read.Expected }.Should().Be(written);
        _errors.Concat(_warnings).Should().BeEmpty();
    }

    [Test]
    public void What_is_set_reaches_the_settings()
    {
        var settings = Check(
            Served + "batching: {mode: Off, maxBatchSize: 9, maxDelay: 1ms}\nmaxConcurrency: 4\nslowThreshold: 20ms\nrequestLog: Errors\n"
            + "runtime: {intraOpThreads: 2, interOpThreads: 3, optimization: Extended, execution: Sequential, memoryArena: false, memoryPattern: false, instances: 6}\n");

        settings!.Batching.Should().Be(new BatchingSettings { Mode = BatchingMode.Off, MaxBatchSize = 9 });
        settings.Live.Should().Be(new LiveSettings { MaxConcurrency = 4, MaxDelay = TimeSpan.FromMilliseconds(1), SlowThreshold = TimeSpan.FromMilliseconds(20), RequestLog = RequestLogging.Errors });
        settings.Session.Should().Be(new SessionSettings
        {
            IntraOpThreads = 2,
            InterOpThreads = 3,
            Optimization = GraphOptimization.Extended,
            Execution = OperatorOrder.Sequential,
            MemoryArena = false,
            MemoryPattern = false,
            Instances = 6,
        });
    }

    [Test]
    public void What_is_left_out_has_its_default()
    {
        var settings = Check(Served);

        settings!.Batching.Should().Be(new BatchingSettings());
        settings.Session.Should().Be(new SessionSettings());
        settings.Live.Should().Be(new LiveSettings());
    }

    [TestCase("batching: {maxBatchSize: 0}", "batching.maxBatchSize: must be 1 to 65536, got 0")]
    [TestCase("batching: {maxDelay: 11s}", "batching.maxDelay: must be a duration of at most 10s, such as 500us or 2ms, got '11s'")]
    [TestCase("batching: {maxDelay: 5s}\nrequestTimeout: 5s", "batching.maxDelay: must be less than requestTimeout (5s), or calls time out while they wait for others, got '5s'")]
    [TestCase("batching: Auto", "batching: must be a mapping")]
    [TestCase("runtime: {optimization: Most}", "runtime.optimization: must be one of Disabled, Basic, Extended, All, got 'Most'")]
    [TestCase("runtime: {execution: all}", "runtime.execution: must be one of Auto, Sequential, Parallel, got 'all'")]
    [TestCase("runtime: {instances: 1025}", "runtime.instances: must be 0 to 1024, got 1025")]
    [TestCase("maxConcurrency: many", "maxConcurrency: must be a whole number, got 'many'")]
    [TestCase("slowThreshold: 0s", "slowThreshold: must be a duration such as 50ms and more than zero, got '0s'")]
    [TestCase("requestLog: all", "requestLog: must be one of None, Errors, All, got 'all'")]
    [TestCase("slowThreshold: &a 1s\nx: *a", "line 5 has an alias; write the value out")]
    public void What_is_wrong_is_told_with_its_path(string yaml, string error)
    {
        Check(Served + yaml);

        _errors.Should().Contain($"f: {error}");
    }

    [Test]
    public void A_setting_that_needs_a_restart_is_none_of_the_live_ones()
    {
        Parse("batching: {maxBatchSize: 4}", ConfigFile.LiveKeys).Should().Be(new ServerConfig());

        _warnings.Should().Equal("f: batching.maxBatchSize: is not a key that this server knows, and is passed over; known are maxConcurrency, batching.maxDelay, slowThreshold, requestLog, expected.uri, expected.version, expected.digest.");
    }

    private static string Yaml(object config) => new SerializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Serialize(config);

    private ServerConfig Parse(string yaml, IReadOnlyList<string> keys) => ConfigFile.Parse(yaml, "f", keys, _errors, _warnings);

    private ServerSettings? Check(string yaml) => ConfigCheck.Check(Parse(yaml, ConfigFile.Keys), "f", _errors);
}
