namespace Slipway.Runtime;

/// <summary>The leadership of this process, for its exit code.</summary>
public interface ILeaderStatus
{
    /// <summary>The lease was lost, which stopped the host; the process is to end with an error and be started again. Never true without leader election.</summary>
    bool IsLost { get; }
}
