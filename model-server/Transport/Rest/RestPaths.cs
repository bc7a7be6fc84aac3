namespace Slipway.ModelServer.Transport.Rest;

/// <summary>What a path of the protocol asks for.</summary>
internal enum RestTarget
{
    None, Server, Live, Ready, Model, ModelReady, Infer,
}

/// <summary>The protocol's paths.</summary>
internal static class RestPaths
{
    private const string ModelPrefix = "/v2/models/";

    /// <param name="version">Empty when the path names none.</param>
    public static RestTarget Match(string path, out string model, out string version)
    {
        model = version = "";
        switch (path)
        {
            case "/v2" or "/v2/": return RestTarget.Server;
            case "/v2/health/live": return RestTarget.Live;
            case "/v2/health/ready": return RestTarget.Ready;
        }

        if (!path.StartsWith(ModelPrefix, StringComparison.Ordinal))
        {
            return RestTarget.None;
        }

        var rest = path.AsSpan(ModelPrefix.Length);
        model = Next(ref rest);
        if (rest.StartsWith("versions/"))
        {
            rest = rest["versions/".Length..];
            version = Next(ref rest);
            if (version.Length == 0)
            {
                return RestTarget.None;
            }
        }

        return model.Length == 0 ? RestTarget.None : rest switch
        {
            "" => RestTarget.Model,
            "ready" => RestTarget.ModelReady,
            "infer" => RestTarget.Infer,
            _ => RestTarget.None,
        };
    }

    private static string Next(ref ReadOnlySpan<char> rest)
    {
        var slash = rest.IndexOf('/');
        var part = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? default : rest[(slash + 1)..];
        return part.ToString();
    }
}
