using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.DevCluster.ApiServer.Authentication;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Verbs;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>One request on a resource: the context, what it names, and what its client takes for an answer.</summary>
internal sealed class ResourceCall
{
    private const string MediaTypes = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <exception cref="StatusException">406 when nothing that the client takes can be given.</exception>
    public ResourceCall(HttpContext context, ResourceDefinition definition, RequestTarget target)
    {
        Context = context;
        Definition = definition;
        Target = target;
        var (format, knowsMediaType) = Accept.Negotiate(context.Request.Headers.Accept.ToString());
        Format = format ?? throw NotAcceptable(definition, knowsMediaType);
    }

    public HttpContext Context { get; }
    public ResourceDefinition Definition { get; }
    public RequestTarget Target { get; }
    public AnswerFormat Format { get; }
    public IQueryCollection Query => Context.Request.Query;

    /// <summary>Who asks; the pipeline has let that one in.</summary>
    public Identity User => Context.Features.GetRequiredFeature<Identity>();

    public ObjectRequest Request => new(
        Definition, Target.Namespace, Target.Name, Target.Subresource, Context.Request.Headers.UserAgent.ToString())
    { User = User };

    private static StatusException NotAcceptable(ResourceDefinition definition, bool knowsMediaType) =>
        knowsMediaType || definition.IsCustom
            ? new StatusException(406, "NotAcceptable", $"only the following media types are accepted: {MediaTypes}")
            : new StatusException(406, "NotAcceptable", $"406: Not Acceptable\n\nAvailable representations: {MediaTypes}", []);
}
