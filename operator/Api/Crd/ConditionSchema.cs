using k8s.Models;

namespace Slipway.Api.Crd;

/// <summary>The schema of <c>metav1.Condition</c>, with the bounds that Kubernetes itself gives it.</summary>
internal static class ConditionSchema
{
    public static V1JSONSchemaProps Build() => new()
    {
        Type = "object",
        Description = "One aspect of the object's state.",
        Required = ["lastTransitionTime", "message", "reason", "status", "type"],
        Properties = new Dictionary<string, V1JSONSchemaProps>
        {
            ["type"] = Text("The aspect.", 316, @"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"),
            ["status"] = new() { Type = "string", Description = "True, False or Unknown.", EnumProperty = ["True", "False", "Unknown"] },
            ["observedGeneration"] = new() { Type = "integer", Format = "int64", Minimum = 0, Description = "metadata.generation that the condition speaks of." },
            ["lastTransitionTime"] = new() { Type = "string", Format = "date-time", Description = "When the status last changed." },
            ["reason"] = Reason(),
            ["message"] = Text("What a person should know, and do.", 32768),
        },
    };

    private static V1JSONSchemaProps Reason()
    {
        var schema = Text("Why, in one word of a closed set.", 1024, "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$");
        schema.MinLength = 1;
        return schema;
    }

    private static V1JSONSchemaProps Text(string description, int maxLength, string? pattern = null) =>
        new() { Type = "string", Description = description, MaxLength = maxLength, Pattern = pattern };
}
