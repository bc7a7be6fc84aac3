using System.CommandLine;
using System.Net;
using Slipway.Api;
using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Commands;

/// <summary>The options of <c>serve</c>. What is given on the command line wins over the file.</summary>
internal sealed class ServeOptions
{
    private readonly Option<string?> _config = new("--config") { Description = $"server.yaml to read (default: {ServerContract.ConfigDirectory}/{ServerContract.ConfigFile}, unless --model is given)" };
    private readonly Option<string?> _model = new("--model") { Description = "name under which the model is served" };
    private readonly Option<string?> _uri = new("--uri") { Description = $"folder that holds one folder per version: {ModelUri.Forms}" };
    private readonly Option<string?> _version = new("--version") { Description = $"the version to serve, or {ServerSettings.Latest} for the newest there is" };
    private readonly Option<string?> _digest = new("--digest") { Description = "refuse other bytes than these: sha256:…" };
    private readonly Option<string?> _timeout = new("--request-timeout") { Description = "longest time a request may take, such as 30s (the default)" };
    private readonly Option<string> _live = new("--live-config") { Description = $"folder whose {ServerContract.LiveFile} is reread while the server runs; it wins over what the server started with", DefaultValueFactory = _ => ServerContract.LiveDirectory };
    private readonly Option<int> _httpPort = new("--http-port") { Description = "REST and health; 0 takes a free port", DefaultValueFactory = _ => ServerContract.HttpPort };
    private readonly Option<int> _grpcPort = new("--grpc-port") { Description = "gRPC without TLS; 0 takes a free port", DefaultValueFactory = _ => ServerContract.GrpcPort };
    private readonly Option<int> _managementPort = new("--management-port") { Description = "metrics and status; 0 takes a free port", DefaultValueFactory = _ => ServerContract.ManagementPort };
    private readonly Option<string> _connectionAge = new("--max-connection-age") { Description = "age at which a client's connection is ended gracefully, give or take a fifth; 0 for never", DefaultValueFactory = _ => "10m" };
    private readonly Option<string> _cache = new("--cache") { Description = "folder that versions are downloaded to", DefaultValueFactory = _ => ServerContract.CacheDirectory };
    private readonly Option<long> _cacheBytes = new("--cache-bytes") { Description = "most bytes that versions kept in --cache may take together", DefaultValueFactory = _ => ServerSettings.DefaultCacheBytes };
    private readonly Option<string> _credentials = new("--credentials") { Description = "folder of storage credentials, one file per key", DefaultValueFactory = _ => ServerContract.CredentialsDirectory };
    private readonly Option<string> _claims = new("--claims") { Description = "folder under which the claims of pvc:// are mounted", DefaultValueFactory = _ => ServerContract.ClaimsDirectory };
    private readonly Option<int> _maxBody = new("--max-body-bytes") { Description = "largest request body in bytes", DefaultValueFactory = _ => ServerSettings.DefaultMaxBodyBytes };
    private readonly Option<long> _maxBodies = new("--max-body-bytes-in-flight") { Description = "bytes of all request bodies in flight together; a request beyond it is answered 429", DefaultValueFactory = _ => ServerSettings.DefaultMaxBodyBytesInFlight };
    private readonly VersionOptions _versions = new();
    private readonly ServingOptions _serving = new();
    private readonly LimitOptions _limits = new();

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _config, _model, _uri, _version, _digest, _timeout, _live, _httpPort, _grpcPort, _managementPort, _connectionAge,
            _cache, _cacheBytes, _credentials, _claims, _maxBody, _maxBodies,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }

        _versions.AddTo(command);
        _serving.AddTo(command);
        _limits.AddTo(command);
    }

    /// <returns>Null when <paramref name="errors"/> grew. What is odd and no error is added to <paramref name="warnings"/>.</returns>
    public ServerSettings? Read(ParseResult parsed, List<string> errors, List<string> warnings)
    {
        var (config, where) = ReadFile(parsed, errors, warnings);
        config = _serving.Over(config, parsed) with
        {
            Model = parsed.GetValue(_model) ?? config.Model,
            Uri = parsed.GetValue(_uri) ?? config.Uri,
            Version = parsed.GetValue(_version) ?? config.Version,
            Digest = parsed.GetValue(_digest) ?? config.Digest,
            RequestTimeout = parsed.GetValue(_timeout) ?? config.RequestTimeout,
        };
        var address = ReadAddress(errors);
        RequirePort(parsed, _httpPort, errors);
        RequirePort(parsed, _grpcPort, errors);
        RequirePort(parsed, _managementPort, errors);
        var connectionAgeText = parsed.GetRequiredValue(_connectionAge);
        if (!GoDuration.TryParse(connectionAgeText, out var connectionAge) || connectionAge > ServerSettings.LongestConnectionAge)
        {
            errors.Add($"{_connectionAge.Name}: must be a duration of at most {ServerSettings.LongestConnectionAge.TotalHours}h, such as 10m, or 0, got '{connectionAgeText}'");
        }

        if (parsed.GetValue(_maxBody) < 1)
        {
            errors.Add($"--max-body-bytes: must be at least 1, got {parsed.GetValue(_maxBody)}");
        }

        if (parsed.GetValue(_maxBodies) < parsed.GetValue(_maxBody))
        {
            errors.Add(
                $"--max-body-bytes-in-flight: must be at least --max-body-bytes ({parsed.GetValue(_maxBody)}), since a larger body could never be taken, got {parsed.GetValue(_maxBodies)}");
        }

        if (parsed.GetValue(_cacheBytes) < 0)
        {
            errors.Add($"--cache-bytes: must be at least 0, got {parsed.GetValue(_cacheBytes)}");
        }

        var limits = _limits.Read(parsed, errors);
        var settings = ConfigCheck.Check(config, where, errors) is { } known ? _versions.ReadInto(known, parsed, errors) : null;
        return errors.Count > 0 || settings is null ? null : settings with
        {
            LiveDirectory = parsed.GetRequiredValue(_live),
            BindAddress = address,
            HttpPort = parsed.GetValue(_httpPort),
            GrpcPort = parsed.GetValue(_grpcPort),
            ManagementPort = parsed.GetValue(_managementPort),
            MaxConnectionAge = connectionAge,
            CacheDirectory = parsed.GetRequiredValue(_cache),
            CacheBytes = parsed.GetValue(_cacheBytes),
            CredentialsDirectory = parsed.GetRequiredValue(_credentials),
            ClaimsDirectory = parsed.GetRequiredValue(_claims),
            MaxBodyBytes = parsed.GetValue(_maxBody),
            MaxBodyBytesInFlight = parsed.GetValue(_maxBodies),
            Limits = limits,
        };
    }

    private (ServerConfig Config, string Where) ReadFile(ParseResult parsed, List<string> errors, List<string> warnings)
    {
        var given = parsed.GetValue(_config);
        if (given is null && parsed.GetValue(_model) is not null)
        {
            return (new ServerConfig(), "command line");
        }

        var path = given ?? Path.Combine(ServerContract.ConfigDirectory, ServerContract.ConfigFile);
        return (ConfigFile.Read(path, errors, warnings), path);
    }

    private static IPAddress ReadAddress(List<string> errors)
    {
        var text = Environment.GetEnvironmentVariable(ServerContract.BindAddressVariable);
        if (string.IsNullOrEmpty(text))
        {
            return IPAddress.Any;
        }

        if (IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        errors.Add($"{ServerContract.BindAddressVariable}: must be an IP address, got '{text}'");
        return IPAddress.Any;
    }

    private static void RequirePort(ParseResult parsed, Option<int> option, List<string> errors)
    {
        if (parsed.GetValue(option) is < 0 or > ServerSettings.MostPort)
        {
            errors.Add($"{option.Name}: must be 0 to {ServerSettings.MostPort}, got {parsed.GetValue(option)}");
        }
    }
}
