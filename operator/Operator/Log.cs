using Slipway.Runtime;

namespace Slipway.Operator;

/// <summary>Log messages of the operator; event ids 1000 to 1999.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Debug, Message = "Reconciled: ready is {Ready}, reason {Reason}.")]
    public static partial void Reconciled(ILogger logger, string ready, string reason);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Debug, Message = "The server at {PodIP} did not answer {Path}: {Trouble}")]
    public static partial void AnswerUnreadable(ILogger logger, string podIP, string path, string trouble);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Information, Message = "Watching ModelDeployments in {Scope}; server image {Image}.")]
    public static partial void Started(ILogger logger, string scope, string image);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "{Key} is in trouble since it has its turn to get pods as this operator makes them. {Waiting} models wait until it is Ready, changed or deleted.")]
    public static partial void UpgradeStopped(ILogger logger, ObjectKey key, int waiting);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "What the pods of {Key} counted cannot be judged; it is looked at again at its next turn.")]
    public static partial void LookFailed(ILogger logger, ObjectKey key, Exception exception);
}
