using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Batching;

/// <summary>How many calls run at a time.</summary>
internal static class Workers
{
    /// <param name="processors">That the process may use: <see cref="Environment.ProcessorCount"/>, which follows a container's CPU limit, rounded up.</param>
    /// <returns>What was asked for, else as many as there are processors for their threads; at least 1.</returns>
    public static int For(SessionSettings session, int processors) =>
        session.Instances > 0 ? session.Instances : Math.Max(1, processors / session.IntraOpThreads);
}
