using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

internal static class EventRules
{
    public static readonly KindRules Rules = new() { Validate = Validate };

    private static Findings Validate(JsonObject next, JsonObject? old)
    {
        var errors = ObjectMetaValidation.Check(next);
        var place = next.Object("involvedObject").Text("namespace");
        var home = next.Object("metadata").Text("namespace");

        // Events about things without a namespace live in "default".
        if (place != home && !(place.Length == 0 && home is ("default" or "kube-system")))
        {
            errors.InvalidText("involvedObject.namespace", place, "does not match event.namespace");
        }

        return errors;
    }
}
