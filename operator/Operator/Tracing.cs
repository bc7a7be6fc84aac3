using System.Collections;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Slipway.Runtime;

namespace Slipway.Operator;

/// <summary>Traces over OTLP, for an operator whose environment names a collector in OpenTelemetry's own variables.</summary>
internal static class Tracing
{
    private const string Prefix = "OTEL_";

    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    public static void AddTo(WebApplicationBuilder builder)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value))
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
        if (!Endpoints.Any(name => variables.GetValueOrDefault(name) is { Length: > 0 }))
        {
            return;
        }

        // The exporter reads its settings from here.
        builder.Configuration.AddInMemoryCollection(variables);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(OperatorHost.UserAgent, serviceVersion: OperatorOptions.Version).AddEnvironmentVariableDetector())
            .WithTracing(traces => traces.AddSource(RuntimeTraces.SourceName).AddOtlpExporter());
    }
}
