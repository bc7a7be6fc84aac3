namespace Slipway.ModelServer.Transport.Rest;

/// <summary>What a path asks for.</summary>
internal enum RestTarget
{
    None,

    /// <summary><c>/</c>: whether the process answers at all.</summary>
    Alive,
    Server,
    Live,
    Ready,
    Models,
    Model,
    ModelReady,
    ModelConfiguration,

    /// <summary>Of every version of every model, or of those that the path names.</summary>
    Statistics,
    Infer,

    /// <summary>What somebody tells of predictions.</summary>
    Feedback,
    RepositoryIndex,

    RepositoryLoad,
    RepositoryUnload,
    V1Models,
    V1Model,
    Predict,
}
