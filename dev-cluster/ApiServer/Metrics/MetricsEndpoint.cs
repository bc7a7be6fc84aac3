using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.DevCluster.ApiServer.Discovery;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Http;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Selectors;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Metrics;

/// <summary>Answers what a metrics server and an adapter for custom metrics answer about pods.</summary>
internal sealed class MetricsEndpoint(ObjectReader reader, ResourceDefinition pods, IPodMetrics metrics)
{
    /// <summary>False when the path is none of these groups, or a document of discovery.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (RequestTarget.Parse(context.Request.Path.Value ?? "") is not { Group: MetricResources.ResourceGroup or MetricResources.CustomGroup } target)
        {
            return false;
        }

        if (target is not { Version: MetricResources.Version, Resource: "pods", IsWatchPath: false })
        {
            throw StatusErrors.NoSuchResource();
        }

        if (!HttpMethods.IsGet(context.Request.Method))
        {
            throw StatusErrors.MethodNotAllowed();
        }

        var answer = target.Group == MetricResources.CustomGroup
            ? await FiguresAsync(target, context.Request.Query, cancellationToken)
            : await UsageAsync(target, context.Request.Query, cancellationToken);
        await Answers.JsonAsync(context, answer, cancellationToken);
        return true;
    }

    private async Task<JsonObject> FiguresAsync(RequestTarget target, IQueryCollection query, CancellationToken cancellationToken)
    {
        var figure = target.Subresource;
        if (target.Namespace.Length == 0 || figure.Length == 0)
        {
            throw StatusErrors.NoSuchResource();
        }

        if (query["metricLabelSelector"].ToString().Length > 0)
        {
            throw StatusErrors.NotImplemented("metricLabelSelector is not served by this API server: leave the selector out of the metric");
        }

        if (!metrics.Figures.Contains(figure))
        {
            throw new StatusException(404, "NotFound", $"the server could not find the metric {figure} for pods");
        }

        if (target.Name == "*")
        {
            var all = await ListAsync(target.Namespace, query, cancellationToken);
            return MetricForms.Values(all.Select(pod => MetricForms.Value(pod, figure, metrics.Figure(pod.MetaText("uid"), figure))).OfType<JsonObject>());
        }

        var one = (await reader.GetAsync(new(pods, target.Namespace, target.Name, "", ""), "", cancellationToken)).Value;
        return MetricForms.Values([MetricForms.Value(one, figure, metrics.Figure(one.MetaText("uid"), figure))
            ?? throw new StatusException(404, "NotFound", $"the server could not find the metric {figure} for pods {target.Name}")]);
    }

    private async Task<JsonObject> UsageAsync(RequestTarget target, IQueryCollection query, CancellationToken cancellationToken)
    {
        if (target.Subresource.Length > 0)
        {
            throw StatusErrors.NoSuchResource();
        }

        if (target.Name.Length == 0)
        {
            var all = await ListAsync(target.Namespace, query, cancellationToken);
            return MetricForms.Usages(all.Select(pod => MetricForms.Usage(pod, metrics.Usage(pod.MetaText("uid")))).OfType<JsonObject>());
        }

        var one = (await reader.GetAsync(new(pods, target.Namespace, target.Name, "", ""), "", cancellationToken)).Value;
        var usage = MetricForms.Usage(one, metrics.Usage(one.MetaText("uid")))
            ?? throw new StatusException(404, "NotFound", $"podmetrics.metrics.k8s.io \"{target.Namespace}/{target.Name}\" not found");
        usage["kind"] = "PodMetrics";
        usage["apiVersion"] = $"{MetricResources.ResourceGroup}/{MetricResources.Version}";
        return usage;
    }

    private async Task<IEnumerable<JsonObject>> ListAsync(string ns, IQueryCollection query, CancellationToken cancellationToken)
    {
        var options = new ListOptions
        {
            Labels = LabelSelector.Parse(query["labelSelector"].ToString()),
            Fields = FieldSelector.Parse(query["fieldSelector"].ToString(), pods),
        };
        return (await reader.ListAsync(pods, ns, options, cancellationToken)).Items.Select(item => item.Value);
    }
}
