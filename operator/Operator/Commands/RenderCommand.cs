using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Slipway.Operator.Desire;
using Slipway.Operator.Manifests;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway-operator render</c>: prints what the operator would make of manifests, with no cluster.</summary>
internal static class RenderCommand
{
    private const string Yaml = "yaml";
    private const string Json = "json";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static Command Create()
    {
        var manifests = new ManifestArguments();
        var image = new Option<string>("--server-image") { Description = "Image of pods whose spec names none.", DefaultValueFactory = _ => OperatorOptions.DefaultServerImage };
        var prometheus = new Option<string>("--prometheus-url") { Description = "Prometheus that KEDA asks for models that name none.", DefaultValueFactory = _ => "" };
        var output = new Option<string>("-o", "--output") { Description = "Form of what is printed: yaml, one document an object, or json, one List.", DefaultValueFactory = _ => Yaml };
        output.AcceptOnlyFromAmong(Yaml, Json);
        var command = new Command(
            "render",
            "Print every object that the operator makes for the ModelDeployments in files, for a cluster that has every optional API and none of the objects yet. Owner references, which need the ModelDeployment's uid, are left out.")
        {
            image, prometheus, output,
        };
        manifests.AddTo(command);
        command.SetAction(result => Render(
            manifests.Read(result, Console.In),
            new(result.GetRequiredValue(image), result.GetRequiredValue(prometheus)),
            result.GetRequiredValue(output),
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error));
        return command;
    }

    private static int Render(IEnumerable<(string File, ModelManifest Manifest)> manifests, DesireSettings settings, string form, TextWriter output, TextWriter errors)
    {
        var (rendered, wrong) = (new List<JsonObject>(), false);
        foreach (var (file, manifest) in manifests)
        {
            var desired = manifest is { Model: { } model, Errors.Count: 0 } ? ModelManifest.Desire(model, settings) : null;
            IReadOnlyList<string> reasons = desired?.Fault is { } fault ? [fault.Message] : manifest.Errors;
            foreach (var reason in reasons)
            {
                wrong = true;
                errors.WriteLine($"{manifest.SubjectIn(file)}: {reason}");
            }

            rendered.AddRange((reasons.Count == 0 ? desired!.Children : []).Select(Printed));
        }

        Print(rendered, form, output);
        if (rendered.Count == 0 && !wrong)
        {
            errors.WriteLine("slipway-operator render: there is no ModelDeployment in what was given.");
        }

        return rendered.Count == 0 || wrong ? 1 : 0;
    }

    private static void Print(List<JsonObject> rendered, string form, TextWriter output)
    {
        if (form == Json && rendered.Count > 0)
        {
            output.WriteLine(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. rendered]) }.ToJsonString(Readable));
            return;
        }

        foreach (var child in rendered)
        {
            output.Write($"---\n{Manifests.Yaml.Write(child)}");
        }
    }

    private static JsonObject Printed(IKubernetesObject<V1ObjectMeta> child)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(child))!.AsObject();
        json["metadata"]!.AsObject().Remove("ownerReferences");
        return json;
    }
}
