using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Api.Validation;

/// <summary>
/// The rules of a ModelDeployment that need more than one look at one field. The CRD states most of them too, so that a plain API server
/// refuses bad input; here they hold for objects that were stored under an older CRD, and for files that never saw a server.
/// </summary>
public static partial class ModelDeploymentValidator
{
    /// <summary>The operator merges a template at every reconcile, so that a long one would keep it from other models.</summary>
    internal const int MostTemplateBytes = 256 * 1024;

    /// <summary>Returns every error, not the first; empty means valid.</summary>
    public static IReadOnlyList<FieldError> Validate(ModelDeployment model) =>
        [
            .. Name(model.Metadata.Name), .. Model(model.Spec.Model), .. Replicas(model.Spec.Replicas), .. ServerSpecValidator.Validate(model.Spec.Server), .. Rollout(model.Spec.Rollout),
            .. AutoscalingValidator.Validate(model.Spec), .. NetworkPolicyValidator.Validate(model.Spec.NetworkPolicy), .. MonitoringValidator.Validate(model.Spec.Monitoring), .. PodTemplate(model.Spec.PodTemplate),
        ];

    /// <summary>Whether the text is <c>sha256:</c> followed by 64 hex digits.</summary>
    public static bool IsDigest(string text) => Digest().IsMatch(text);

    private static IEnumerable<FieldError> Name(string name)
    {
        if (name.Length > 50 || !Dns1035Label().IsMatch(name))
        {
            yield return new("metadata.name", $"'{name}' is not a DNS-1035 label of at most 50 characters.");
        }
    }

    private static IEnumerable<FieldError> Model(ModelSpec model)
    {
        if (model.Uri.Length > 1024 || UriRefused().IsMatch(model.Uri)
            || !(model.Uri.StartsWith("file:///", StringComparison.Ordinal) || Uri().IsMatch(model.Uri)) || ClaimPathRefused().IsMatch(model.Uri))
        {
            yield return new(
                "spec.model.uri",
                $"'{model.Uri}' is none of s3://<bucket>/<prefix>, gs://<bucket>/<prefix>, az://<account>/<container>/<prefix>, https://<host>/<path>, pvc://<claim>/<path> and file:///<path>.");
        }

        if (model.Version == "latest" && model.Uri.StartsWith("https://", StringComparison.Ordinal))
        {
            yield return new("spec.model.version", "latest needs a store that can list its versions, which a web server cannot: name a version.");
        }

        if (model.Version.Length > 63 || !LabelValue().IsMatch(model.Version))
        {
            yield return new("spec.model.version", $"'{model.Version}' is not a folder name of letters, digits, '.', '_' and '-' of at most 63 characters.");
        }

        if (model.Digest.Length > 0 && !IsDigest(model.Digest))
        {
            yield return new("spec.model.digest", $"'{model.Digest}' is not 'sha256:' followed by 64 hex digits.");
        }
    }

    private static IEnumerable<FieldError> Replicas(int replicas)
    {
        if (replicas is < 0 or > 1000)
        {
            yield return new("spec.replicas", string.Create(CultureInfo.InvariantCulture, $"must be from 0 to 1000, was {replicas}."));
        }
    }

    private static IEnumerable<FieldError> Rollout(RolloutSpec? rollout)
    {
        if (rollout is { RevisionHistoryLimit: < 0 or > RolloutSpec.MostHistory })
        {
            yield return new(
                "spec.rollout.revisionHistoryLimit",
                string.Create(CultureInfo.InvariantCulture, $"must be from 0 to {RolloutSpec.MostHistory}, was {rollout.RevisionHistoryLimit}."));
        }

        foreach (var error in rollout is null ? [] : Duration("spec.rollout.progressDeadline", rollout.ProgressDeadline, TimeSpan.FromSeconds(10), TimeSpan.FromHours(24)))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> PodTemplate(JsonObject? template)
    {
        foreach (var (name, _) in template ?? [])
        {
            if (name is not ("metadata" or "spec"))
            {
                yield return new($"spec.podTemplate.{name}", "a pod template has only 'metadata' and 'spec'.");
            }
        }

        if (template is not null && Bytes(template) is > MostTemplateBytes and var bytes)
        {
            yield return new(
                "spec.podTemplate",
                string.Create(CultureInfo.InvariantCulture, $"must be at most {MostTemplateBytes} bytes as JSON, was {bytes}: keep long values in a ConfigMap, and name it in envFrom or mount it."));
        }
    }

    /// <summary>Written without white space, and every letter as it is.</summary>
    private static long Bytes(JsonObject tree)
    {
        using var writer = new Utf8JsonWriter(Stream.Null, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        tree.WriteTo(writer);
        writer.Flush();
        return writer.BytesCommitted;
    }

    internal static IEnumerable<FieldError> Duration(string path, string text, TimeSpan least, TimeSpan most)
    {
        if (!GoDuration.TryParse(text, out var value) || value < least || value > most)
        {
            yield return new(path, $"'{text}' is not a duration from {least:c} to {most:c}, written like 500ms, 30s or 1h30m.");
        }
    }

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Dns1035Label();

    [GeneratedRegex($"{UriPatterns.S3}|{UriPatterns.Gs}|{UriPatterns.Az}|{UriPatterns.Https}|{UriPatterns.Pvc}")]
    private static partial Regex Uri();

    [GeneratedRegex(UriPatterns.PvcRefused)]
    private static partial Regex ClaimPathRefused();

    [GeneratedRegex(@"[?#\s]")]
    private static partial Regex UriRefused();

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex Digest();
}
