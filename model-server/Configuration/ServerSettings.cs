using System.Net;
using Slipway.Api;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Configuration;

/// <summary>Everything that one run of the server is told: checked, with defaults applied.</summary>
internal sealed record ServerSettings
{
    public const int MostPort = 65535;
    public const int DefaultMaxBodyBytes = 64 << 20;
    public const long DefaultMaxBodyBytesInFlight = 4L * DefaultMaxBodyBytes;

    public const long DefaultCacheBytes = 32L << 30;

    /// <summary>The version that stands for the newest ones there are.</summary>
    public const string Latest = "latest";

    public const int MostLoadedVersions = 32;
    public const int DefaultMaxLoadedVersions = 3;

    public static readonly TimeSpan ShortestPollInterval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestPollInterval = TimeSpan.FromDays(1);
    public static readonly TimeSpan LongestConnectionAge = TimeSpan.FromDays(10);

    /// <summary>Name under which the model is served.</summary>
    public required string Model { get; init; }

    /// <summary>Folder that holds one folder per version.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The folder of one version, or <see cref="Latest"/>.</summary>
    public required string Version { get; init; }

    public bool FollowsLatest => Version == Latest;

    /// <summary>How often storage is asked for newer versions; <see cref="Latest"/> only.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many of the newest versions are served side by side; <see cref="Latest"/> only.</summary>
    public int NewestVersions { get; init; } = 1;

    /// <summary>Versions in memory at most, those among them that are being loaded or let go.</summary>
    public int MaxLoadedVersions { get; init; } = DefaultMaxLoadedVersions;

    /// <summary>Whether the management port loads and unloads versions by request.</summary>
    public bool ModelControl { get; init; }

    /// <summary><c>sha256:…</c>; empty accepts any bytes.</summary>
    public string Digest { get; init; } = "";

    /// <summary>How ONNX Runtime loads and runs the model; a version's <c>model.yaml</c> may say otherwise.</summary>
    public SessionSettings Session { get; init; } = new();

    /// <summary>Longest time a request may take, from its headers to its answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public BatchingSettings Batching { get; init; } = new();

    /// <summary>What the server starts with of the settings that need no restart.</summary>
    public LiveSettings Live { get; init; } = new();

    /// <summary>Folder whose <c>live.yaml</c> changes them while the server runs; may be absent.</summary>
    public string LiveDirectory { get; init; } = ServerContract.LiveDirectory;

    public IPAddress BindAddress { get; init; } = IPAddress.Any;

    /// <summary>0 takes a free port.</summary>
    public int HttpPort { get; init; } = ServerContract.HttpPort;

    /// <summary>0 takes a free port.</summary>
    public int GrpcPort { get; init; } = ServerContract.GrpcPort;

    /// <summary>0 takes a free port.</summary>
    public int ManagementPort { get; init; } = ServerContract.ManagementPort;

    /// <summary>Age at which a client's connection is ended gracefully, give or take a fifth; zero lets connections live.</summary>
    public TimeSpan MaxConnectionAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where versions are downloaded to; this server alone may use it.</summary>
    public string CacheDirectory { get; init; } = ServerContract.CacheDirectory;

    /// <summary>Verified versions that are kept there take no more bytes together than this, but for a single one that is larger.</summary>
    public long CacheBytes { get; init; } = DefaultCacheBytes;

    /// <summary>Credentials for the model's storage, one file per key; may be absent.</summary>
    public string CredentialsDirectory { get; init; } = ServerContract.CredentialsDirectory;

    /// <summary>Where the claims of <c>pvc://</c> are mounted, each in a folder of its name.</summary>
    public string ClaimsDirectory { get; init; } = ServerContract.ClaimsDirectory;

    /// <summary>Largest request body in bytes.</summary>
    public int MaxBodyBytes { get; init; } = DefaultMaxBodyBytes;

    /// <summary>Bytes of all request bodies in flight together, at least <see cref="MaxBodyBytes"/>; a request beyond it is told to come later.</summary>
    public long MaxBodyBytesInFlight { get; init; } = DefaultMaxBodyBytesInFlight;

    public RequestLimits Limits { get; init; } = new();
}
