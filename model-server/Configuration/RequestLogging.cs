namespace Slipway.ModelServer.Configuration;

/// <summary>Which requests get a line of log.</summary>
internal enum RequestLogging
{
    None,

    /// <summary>Those that did not end with <c>ok</c>.</summary>
    Errors,
    All,
}
