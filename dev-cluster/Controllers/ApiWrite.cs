using System.Net;
using k8s.Autorest;
using Slipway.Runtime;

namespace Slipway.DevCluster.Controllers;

/// <summary>How controllers write: under Kubernetes' own field managers, and with what the cache had not seen yet as a quiet retry.</summary>
internal static class ApiWrite
{
    public const string Controllers = "kube-controller-manager";
    public const string Scheduler = "kube-scheduler";

    /// <exception cref="ConflictException">The object changed, appeared or vanished since the cache was read.</exception>
    public static async Task<T> Of<T>(Task<T> write)
    {
        try
        {
            return await write;
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            throw new ConflictException(exception.Response.Content, exception);
        }
    }

    /// <summary>A deletion, or what else asks for nothing once its object has gone or changed: that is no error, for a watch tells.</summary>
    public static async Task UnlessGone<T>(Task<T> write)
    {
        try
        {
            await write;
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            return;
        }
    }
}
