namespace Slipway.ModelServer.Transport.Rest;

/// <summary>A path that was understood. The names are parts of the path itself, so that finding them costs no memory.</summary>
internal readonly struct RestRoute(RestTarget target, string path = "", Range model = default, Range version = default)
{
    public RestTarget Target => target;

    /// <summary>Empty when the path names none.</summary>
    public ReadOnlySpan<char> Model => path.AsSpan()[model];

    /// <inheritdoc cref="Model"/>
    public ReadOnlySpan<char> Version => path.AsSpan()[version];
}

/// <summary>The paths of the Open Inference Protocol and of its predecessor, V1.</summary>
internal static class RestPaths
{
    private const string Models = "/v2/models/";
    private const string RepositoryModels = "/v2/repository/models/";
    private const string V1Models = "/v1/models/";
    private const string Versions = "versions/";

    public static RestRoute Match(string path)
    {
        if (path.StartsWith(Models, StringComparison.Ordinal) && path.Length > Models.Length)
        {
            return path == "/v2/models/stats" ? new(RestTarget.Statistics) : MatchModel(path);
        }

        if (path.StartsWith(V1Models, StringComparison.Ordinal) && path.Length > V1Models.Length)
        {
            return MatchV1(path);
        }

        return path switch
        {
            "/" => new(RestTarget.Alive),
            "/v2" or "/v2/" => new(RestTarget.Server),
            "/v2/health/live" => new(RestTarget.Live),
            "/v2/health/ready" => new(RestTarget.Ready),
            "/v2/models" or Models => new(RestTarget.Models),
            "/v1/models" or V1Models => new(RestTarget.V1Models),
            "/v2/repository/index" => new(RestTarget.RepositoryIndex),
            _ => path.StartsWith(RepositoryModels, StringComparison.Ordinal) ? MatchControl(path) : default,
        };
    }

    private static RestRoute MatchModel(string path)
    {
        var model = Next(path, Models.Length, out var rest);
        if (!TryVersion(path, ref rest, out var version) || Length(model) == 0)
        {
            return default;
        }

        var target = path.AsSpan(Math.Min(rest, path.Length)) switch
        {
            "infer" => RestTarget.Infer,
            "feedback" => RestTarget.Feedback,
            "" => RestTarget.Model,
            "ready" => RestTarget.ModelReady,
            "config" => RestTarget.ModelConfiguration,
            "stats" => RestTarget.Statistics,
            _ => RestTarget.None,
        };
        return new(target, path, model, version);
    }

    private static RestRoute MatchV1(string path)
    {
        const string Predict = ":predict";
        var predicts = path.EndsWith(Predict, StringComparison.Ordinal);
        var named = predicts ? path[..^Predict.Length] : path;
        var model = Next(named, V1Models.Length, out var rest);
        var isWhole = TryVersion(named, ref rest, out var version) && rest >= named.Length && Length(model) > 0;
        return isWhole ? new(predicts ? RestTarget.Predict : RestTarget.V1Model, path, model, version) : default;
    }

    private static RestRoute MatchControl(string path)
    {
        var model = Next(path, RepositoryModels.Length, out var rest);
        if (!TryVersion(path, ref rest, out var version) || Length(model) == 0)
        {
            return default;
        }

        return path.AsSpan(Math.Min(rest, path.Length)) switch
        {
            "load" => new(RestTarget.RepositoryLoad, path, model, version),
            "unload" => new(RestTarget.RepositoryUnload, path, model, version),
            _ => default,
        };
    }

    // False when the path says "versions/" and no version.
    private static bool TryVersion(string path, ref int rest, out Range version)
    {
        version = default;
        if (rest >= path.Length || !path.AsSpan(rest).StartsWith(Versions))
        {
            return true;
        }

        version = Next(path, rest + Versions.Length, out rest);
        return Length(version) > 0;
    }

    private static Range Next(string path, int from, out int rest)
    {
        var slash = path.IndexOf('/', from);
        var end = slash < 0 ? path.Length : slash;
        rest = end + 1;
        return from..end;
    }

    private static int Length(Range range) => range.End.Value - range.Start.Value;
}
