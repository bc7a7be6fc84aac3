using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Slipway.DevCluster.Tests.Contract.Recording;

internal enum CaseState
{
    /// <summary>Every step is answered as recorded.</summary>
    Reproduced,

    /// <summary>As recorded, but for the listed differences.</summary>
    Differs,

    /// <summary>Not replayed yet; the reason says why.</summary>
    Later,
}

/// <summary>The contents of <c>cases.yaml</c>: every recording, and what this server makes of it.</summary>
internal sealed class CaseList
{
    public Dictionary<string, ListedCase> Cases { get; init; } = [];
    public Dictionary<string, ListedCase> Sessions { get; init; } = [];

    public static CaseList Load() => Parse(File.ReadAllText(Path.Combine(Recordings.Root, "cases.yaml")));

    public static CaseList Parse(string yaml) =>
        new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<CaseList>(yaml);
}

/// <summary>One recording in the list. A recording that is left for later has a reason; one that differs has differences.</summary>
internal sealed class ListedCase
{
    public CaseState State { get; init; }
    public string Reason { get; init; } = "";
    public List<AcceptedDifference> Differences { get; init; } = [];
}

/// <summary>
/// A difference that neither the operator nor kubectl nor helm can notice, and why. It covers <see cref="Paths"/> and what is under them in
/// <see cref="Steps"/> (counted from 0); without paths it covers the whole of these steps.
/// </summary>
internal sealed class AcceptedDifference
{
    public List<int> Steps { get; init; } = [];
    public List<string> Paths { get; init; } = [];
    public string Reason { get; init; } = "";

    /// <summary>True when it depends on the moment whether the difference occurs: then it may, but need not.</summary>
    public bool Varies { get; init; }
}
