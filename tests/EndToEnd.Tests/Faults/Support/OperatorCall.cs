using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Slipway.EndToEnd.Tests.Faults.Support;

/// <summary>One request of the operator as it reached the API server, and how it was answered.</summary>
internal sealed class OperatorCall
{
    private readonly string _query;

    public OperatorCall(HttpRequest request)
    {
        (Method, Path, _query) = (request.Method, request.Path, request.QueryString.Value ?? "");
        Asked = EndToEnd.Tests.Support.AskedFor.Of(Method, Path + _query);
    }

    public string Method { get; }

    /// <summary>Without the query.</summary>
    public string Path { get; }

    /// <summary>Null for what concerns no resource, such as which APIs there are.</summary>
    public EndToEnd.Tests.Support.AskedFor? Asked { get; }

    /// <summary>When it came, by the monotonic clock.</summary>
    public long At { get; } = Stopwatch.GetTimestamp();

    /// <summary>0 until it is answered.</summary>
    public int Code { get; set; }

    public bool IsWatch => Asked is { Verb: "watch" };

    public bool IsList => Asked is { Verb: "list" };

    /// <summary>Comes every two seconds, whatever happens.</summary>
    public bool IsLease => Asked is { Resource: "leases" };

    /// <summary>Would change something, if it were granted.</summary>
    public bool IsWrite => Method != "GET" && !_query.Contains("dryRun=All", StringComparison.Ordinal);

    public bool IsAbout(string model) => Path.Split('/').Any(part => part == model || part.StartsWith($"{model}-", StringComparison.Ordinal) || part.StartsWith($"{model}.", StringComparison.Ordinal));

    public override string ToString() => $"{Method} {Path}{_query} {Code}";
}
