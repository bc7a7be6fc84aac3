using System.Text.Json.Nodes;
using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.Contract.Sessions;

/// <summary>One recorded run of kubectl or helm: what it was asked, what it printed, and what it asked of the API server.</summary>
internal sealed record RecordedSession(
    string Name, string Program, IReadOnlyList<string> Arguments, bool StartsWithoutCache, int Exit, string Output, string Error, IReadOnlyList<SessionRequest> Requests)
{
    public static RecordedSession Load(string name)
    {
        JsonNode root = JsonNode.Parse(File.ReadAllText(Path.Combine(Recordings.Root, "Sessions", "recorded", name + ".json")))!;
        string[] command = root["command"]!.GetValue<string>().Split(' ');
        return new RecordedSession(
            name,
            command[0],
            command[1..],
            root["discoveryCache"]!.GetValue<string>() == "empty",
            root["exit"]!.GetValue<int>(),
            root["stdout"]!.GetValue<string>(),
            root["stderr"]!.GetValue<string>(),
            [.. root["requests"]!.AsArray().Select(request => SessionRequest.Of(
                request!["method"]!.GetValue<string>(), request["path"]!.GetValue<string>(), request["status"]!.GetValue<int>()))]);
    }
}
