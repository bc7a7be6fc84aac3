namespace Slipway.DevCluster.ApiServer;

/// <summary>One figure of a pod at <paramref name="Time"/>, as an average over <paramref name="Window"/> before it.</summary>
internal sealed record PodFigure(double Value, DateTimeOffset Time, TimeSpan Window);

/// <summary>What the containers of a pod used until <paramref name="Time"/>: processor time as an average over <paramref name="Window"/>, memory at its end.</summary>
internal sealed record PodUsage(DateTimeOffset Time, TimeSpan Window, IReadOnlyList<ContainerUsage> Containers);

/// <param name="Name">The container's name.</param>
/// <param name="Cores">Processors that were busy, on average.</param>
/// <param name="Bytes">Resident memory of all processes.</param>
internal sealed record ContainerUsage(string Name, double Cores, long Bytes);

/// <summary>What a node measures of its pods.</summary>
internal interface IPodMetrics
{
    /// <summary>Every name that <see cref="Figure"/> knows.</summary>
    IReadOnlyList<string> Figures { get; }

    /// <summary>Null while nothing can be said: the pod is not known, not asked twice yet, or has no such figure.</summary>
    PodFigure? Figure(string uid, string name);

    /// <summary>Null while nothing can be said: the pod is not known, or not measured twice yet.</summary>
    PodUsage? Usage(string uid);
}
