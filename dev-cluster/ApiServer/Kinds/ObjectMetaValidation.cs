using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Kinds;

/// <summary>The rules for a built-in object's metadata.</summary>
internal static class ObjectMetaValidation
{
    private const int MaxAnnotationBytes = 256 * 1024;
    private static readonly string[] StandardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

    /// <param name="name">The form of names of this kind; null means a DNS subdomain.</param>
    public static Findings Check(JsonObject value, Func<string, IEnumerable<string>>? name = null)
    {
        var errors = new Findings();
        if (value.Object("metadata") is not { } metadata)
        {
            return errors;
        }

        CheckName(metadata, name ?? ObjectNames.Subdomain, errors);
        Labels(metadata.Object("labels"), "metadata.labels", errors);
        Annotations(metadata.Object("annotations"), "metadata.annotations", errors);
        OwnerReferences(metadata, errors);
        Finalizers(metadata, errors);
        return errors;
    }

    public static void Labels(JsonObject? labels, string field, Findings errors)
    {
        foreach (var (key, value) in labels ?? [])
        {
            foreach (var problem in ObjectNames.Qualified(key))
            {
                errors.InvalidText(field, key, problem);
            }

            foreach (var problem in ObjectNames.LabelValue(value.AsText() ?? ""))
            {
                errors.InvalidText(field, value.AsText() ?? "", problem);
            }
        }
    }

    public static void Annotations(JsonObject? annotations, string field, Findings errors)
    {
        long size = 0;
        foreach (var (key, value) in annotations ?? [])
        {
            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value.AsText() ?? "");
            foreach (var problem in ObjectNames.Qualified(key.ToLowerInvariant()))
            {
                errors.InvalidText(field, key, problem);
            }
        }

        if (size > MaxAnnotationBytes)
        {
            errors.TooLong(field, MaxAnnotationBytes);
        }
    }

    private static void CheckName(JsonObject metadata, Func<string, IEnumerable<string>> form, Findings errors)
    {
        var (given, prefix) = (metadata.Text("name"), metadata.Text("generateName"));
        if (prefix.Length > 0)
        {
            // The server adds letters to a prefix, so that a dash at its end is fine.
            foreach (var problem in form(prefix.EndsWith('-') ? prefix[..^1] + "a" : prefix))
            {
                errors.InvalidText("metadata.generateName", prefix, problem);
            }
        }

        if (given.Length == 0 && prefix.Length == 0)
        {
            errors.Required("metadata.name", "name or generateName is required");
        }

        foreach (var problem in given.Length == 0 ? [] : form(given))
        {
            errors.InvalidText("metadata.name", given, problem);
        }
    }

    private static void OwnerReferences(JsonObject metadata, Findings errors)
    {
        const string Field = "metadata.ownerReferences";
        JsonObject? controller = null;
        foreach (var owner in metadata.Objects("ownerReferences"))
        {
            foreach (var (name, problem) in ((string, string)[])
                [("apiVersion", "version must not be empty"), ("kind", "must not be empty"), ("name", "must not be empty"), ("uid", "must not be empty")])
            {
                if (owner.Text(name).Length == 0)
                {
                    errors.InvalidText($"{Field}.{name}", "", problem);
                }
            }

            if (!owner.IsTrue("controller"))
            {
                continue;
            }

            if (controller is not null)
            {
                errors.InvalidPrinted(Field, metadata["ownerReferences"]!.ToJsonString(), "Only one reference can have Controller set to true. Found "
                    + $"\"true\" in references for {controller.Text("kind")}/{controller.Text("name")} and {owner.Text("kind")}/{owner.Text("name")}");
            }

            controller ??= owner;
        }
    }

    private static void Finalizers(JsonObject metadata, Findings errors)
    {
        var finalizers = (metadata["finalizers"] as JsonArray ?? []).Select(name => name.AsText() ?? "").ToList();
        for (var i = 0; i < finalizers.Count; i++)
        {
            var problems = ObjectNames.Qualified(finalizers[i]).ToList();
            if (problems.Count == 0 && !finalizers[i].Contains('/', StringComparison.Ordinal) && !StandardFinalizers.Contains(finalizers[i]))
            {
                problems.Add("name is neither a standard finalizer name nor is it fully qualified");
            }

            foreach (var problem in problems)
            {
                errors.InvalidText(Findings.At("metadata.finalizers", i), finalizers[i], problem);
            }
        }
    }
}
