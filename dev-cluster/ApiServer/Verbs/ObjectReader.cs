using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Resources;
using Slipway.DevCluster.ApiServer.Storage;

namespace Slipway.DevCluster.ApiServer.Verbs;

/// <summary>One page of a list. <paramref name="Remaining"/> is null where the server does not count what is left.</summary>
internal sealed record ListPage(IReadOnlyList<StoredObject> Items, long Revision, string Continue, long? Remaining);

/// <summary>Get and list, now or as of a revision.</summary>
internal sealed class ObjectReader(ObjectStore store, TimeProvider time)
{
    private const string TooOld = "The resourceVersion for the provided list is too old.";
    private const string TokenTooOld =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
        + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token "
        + "results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and "
        + "now may show up in the list.";

    private static readonly TimeSpan PatienceWithFuture = TimeSpan.FromSeconds(3);

    public async Task<StoredObject> GetAsync(ObjectRequest request, string resourceVersion, CancellationToken cancellationToken)
    {
        if (resourceVersion.Length > 0)
        {
            await WaitForAsync(Revision(resourceVersion), cancellationToken);
        }

        var found = store.Table(request.Definition.StorageName).Find(request.Key) ?? throw StatusErrors.NotFound(request.Definition, request.Name);
        return StoredForm.Read(request.Definition, found);
    }

    public async Task<ListPage> ListAsync(ResourceDefinition definition, string ns, ListOptions options, CancellationToken cancellationToken)
    {
        var table = store.Table(definition.StorageName);
        if (options.Continue.Length > 0)
        {
            return NextPage(definition, table, ns, options);
        }

        if (options.ResourceVersion.Length == 0)
        {
            var (now, current) = store.Read(table);
            return Page(definition, current, now, ns, options, after: null);
        }

        var revision = Revision(options.ResourceVersion);
        await WaitForAsync(revision, cancellationToken);
        var exact = options.ResourceVersionMatch == "Exact" || (options.ResourceVersionMatch.Length == 0 && options.Limit > 0 && revision > 0);
        if (exact)
        {
            var past = table.At(revision) ?? throw StatusErrors.Expired(TooOld);
            return Page(definition, past, revision, ns, options, after: null);
        }

        // What may be as old as the client likes is given whole, whatever the limit: it costs the server nothing.
        var (latest, snapshot) = store.Read(table);
        return Page(definition, snapshot, latest, ns, revision == 0 ? options with { Limit = 0 } : options, after: null);
    }

    /// <exception cref="StatusException">400 when the text is no number.</exception>
    private static long Revision(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? (long)Math.Min(revision, long.MaxValue)
            : throw StatusErrors.BadRequest(
                $"invalid resource version: resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private ListPage NextPage(ResourceDefinition definition, ObjectTable table, string ns, ListOptions options)
    {
        var token = ContinueToken.Parse(options.Continue);
        if (options.ResourceVersion is not ("" or "0"))
        {
            throw StatusErrors.BadRequest("specifying resource version is not allowed when using continue");
        }

        if (token.Revision < 0)
        {
            var (now, current) = store.Read(table);
            return Page(definition, current, now, ns, options, token.Last);
        }

        var past = table.At(token.Revision)
            ?? throw new StatusException(410, "Expired", TokenTooOld, metadata: new JsonObject
            {
                ["continue"] = (token with { Revision = -1 }).ToString(),
            });
        return Page(definition, past, token.Revision, ns, options, token.Last);
    }

    private static ListPage Page(
        ResourceDefinition definition, TableSnapshot snapshot, long revision, string ns, ListOptions options, string? after)
    {
        var inScope = snapshot.In(ns.Length == 0 ? null : ns).Select(stored => StoredForm.Read(definition, stored));
        var rest = (after is null ? inScope : inScope.SkipWhile(o => string.CompareOrdinal(Position(o, ns), after) <= 0))
            .Where(o => options.Labels.Matches(o.Value) && options.Fields.Matches(o.Value));
        if (options.Limit == 0)
        {
            return new ListPage([.. rest], revision, "", null);
        }

        var matching = rest.ToList();
        var items = matching.Take((int)Math.Min(options.Limit, int.MaxValue)).ToList();
        return items.Count == matching.Count
            ? new ListPage(items, revision, "", null)
            : new ListPage(
                items,
                revision,
                new ContinueToken(revision, Position(items[^1], ns)).ToString(),
                options.HasSelector ? null : matching.Count - items.Count);
    }

    private static string Position(StoredObject stored, string ns) => ns.Length == 0 ? stored.Key.ToString() : stored.Key.Name;

    private async Task WaitForAsync(long revision, CancellationToken cancellationToken)
    {
        if (await store.WaitForAsync(revision, PatienceWithFuture, time, cancellationToken))
        {
            return;
        }

        throw new StatusException(504, "Timeout", $"Timeout: Too large resource version: {revision}, current: {store.Revision}", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "ResourceVersionTooLarge",
                ["message"] = "Too large resource version",
            }),
            ["retryAfterSeconds"] = 1,
        });
    }
}
