using System.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Slipway.Telemetry;

/// <summary>
/// Traces over OTLP, for a program whose environment names a collector in OpenTelemetry's own variables. This file is compiled into both operator and server.
/// </summary>
internal static class OtlpTraces
{
    private const string Prefix = "OTEL_";

    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <param name="service">Name of the program, unless the environment gives it another.</param>
    /// <param name="source">Of the spans.</param>
    public static void AddTo(WebApplicationBuilder builder, string service, string version, string source)
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
            .ConfigureResource(resource => resource.AddService(service, serviceVersion: version).AddEnvironmentVariableDetector())
            .WithTracing(traces => traces.AddSource(source).AddOtlpExporter());
    }
}
