namespace Slipway.Benchmarks;

/// <summary>What a server under test says of its managed memory: one line for each line that it is sent, until there are no more.</summary>
internal static class Allocations
{
    public static async Task<int> TellAsync(CancellationToken cancellationToken)
    {
        while (await Console.In.ReadLineAsync(cancellationToken) is not null)
        {
            await Console.Out.WriteLineAsync($"{GC.GetTotalAllocatedBytes(precise: true)}");
        }

        return 0;
    }
}
