using System.Text.Json.Nodes;

namespace Slipway.DevCluster.Tests.Contract.Recording;

/// <summary>
/// One step of a case. <paramref name="Request"/> and <paramref name="Response"/> are null together, when <paramref name="OutOfBand"/> says
/// what was done beside the API. <paramref name="OpenUpTo"/> is the index of the last step that runs while this step's watch is open.
/// </summary>
internal sealed record RecordedStep(
    RecordedRequest? Request,
    RecordedResponse? Response,
    IReadOnlyList<Binding> Bindings,
    IReadOnlyList<PollCondition> PollUntil,
    int? OpenUpTo,
    string? OutOfBand)
{
    public static RecordedStep Parse(JsonNode step) => new(
        step["request"] is { } request ? RecordedRequest.Parse(request) : null,
        step["response"] is { } response ? RecordedResponse.Parse(response) : null,
        [.. (step["bindings"]?.AsArray() ?? []).Select(binding => Binding.Parse(binding!))],
        [.. (step["pollUntil"]?.AsArray() ?? []).Select(condition => PollCondition.Parse(condition!))],
        step["openDuringStepsUpTo"]?.GetValue<int>(),
        step["outOfBand"]?.GetValue<string>());
}
