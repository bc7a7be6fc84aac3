namespace Slipway.ModelServer.Telemetry;

/// <summary>A row of counters. Counts never go down.</summary>
internal interface ICounters
{
    int Count { get; }

    long Read(int index);
}
