using System.Text.Json.Serialization;

namespace Slipway.ModelServer.DriftReports;

/// <summary>What is said of one feature.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftVerdict>))]
internal enum DriftVerdict
{
    [JsonStringEnumMemberName("stable")]
    Stable,

    [JsonStringEnumMemberName("moderate")]
    Moderate,

    [JsonStringEnumMemberName("drifted")]
    Drifted,

    /// <summary>Chance alone could pass for drift.</summary>
    [JsonStringEnumMemberName("tooFewRows")]
    TooFewRows,

    /// <summary>The rows are of less time than the feature comes round in.</summary>
    [JsonStringEnumMemberName("windowTooShort")]
    WindowTooShort,
}
