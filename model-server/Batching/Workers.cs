namespace Slipway.ModelServer.Batching;

/// <summary>How many calls run at a time: as many as there are cores for their threads.</summary>
internal static class Workers
{
    public static int For(int intraOpThreads) => Math.Max(1, Environment.ProcessorCount / intraOpThreads);
}
