using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Operator.Monitoring.Dashboards;

/// <summary>A dashboard of Grafana, made from the names that the programs use for their series.</summary>
/// <param name="Id">Stable, so that links to it stay right.</param>
internal sealed record Dashboard(string Id, string Title, IReadOnlyList<Variable> Variables, IReadOnlyList<DashboardRow> Rows)
{
    /// <summary>Those that the chart ships.</summary>
    public static IReadOnlyList<Dashboard> All { get; } = [FleetDashboard.Build(), ModelDashboard.Build()];

    private const int Columns = 24;

    /// <summary>Of the panel models that are written here.</summary>
    private const int SchemaVersion = 39;

    // Grafana's own characters stay as they are.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Below the root of the repository.</summary>
    public string Path => $"charts/slipway/files/dashboards/{Id}.json";

    public IEnumerable<Panel> Panels => Rows.SelectMany(row => row.Panels);

    /// <summary>As it is checked in.</summary>
    public string Render() => Build().ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";

    /// <summary>The Prometheus that the reader chose.</summary>
    public static JsonObject Source() => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    private JsonObject Build() => new()
    {
        ["uid"] = Id,
        ["title"] = Title,
        ["tags"] = new JsonArray("slipway"),
        ["schemaVersion"] = SchemaVersion,
        ["editable"] = true,
        ["refresh"] = "30s",
        ["time"] = new JsonObject { ["from"] = "now-6h", ["to"] = "now" },
        ["templating"] = new JsonObject
        {
            ["list"] = new JsonArray([new JsonObject { ["name"] = "datasource", ["label"] = "Prometheus", ["type"] = "datasource", ["query"] = "prometheus" }, .. Variables.Select(variable => variable.Build())]),
        },
        ["panels"] = new JsonArray([.. Laid()]),
    };

    /// <summary>From left to right, and below when there is no more room.</summary>
    private IEnumerable<JsonObject> Laid()
    {
        var (id, y) = (0, 0);
        foreach (var row in Rows)
        {
            yield return new() { ["id"] = ++id, ["type"] = "row", ["title"] = row.Title, ["collapsed"] = false, ["panels"] = new JsonArray(), ["gridPos"] = new JsonObject { ["x"] = 0, ["y"] = y++, ["w"] = Columns, ["h"] = 1 } };
            var (x, height) = (0, 0);
            foreach (var panel in row.Panels)
            {
                if (x + panel.Width > Columns)
                {
                    (x, y, height) = (0, y + height, 0);
                }

                yield return panel.Build(++id, x, y);
                (x, height) = (x + panel.Width, Math.Max(height, panel.Height));
            }

            y += height;
        }
    }
}

/// <param name="Title">Unique in its dashboard.</param>
internal sealed record DashboardRow(string Title, params IReadOnlyList<Panel> Panels);

/// <summary>A choice that the reader has.</summary>
/// <param name="Name">As expressions use it behind a dollar sign.</param>
/// <param name="Values">What there is to choose from, as Grafana's <c>label_values(…)</c>.</param>
internal sealed record Variable(string Name, string Values)
{
    /// <summary>Several values may be chosen, and all are at first.</summary>
    public bool IsMany { get; init; }

    public JsonObject Build() => new()
    {
        ["name"] = Name,
        ["label"] = Name,
        ["type"] = "query",
        ["datasource"] = Dashboard.Source(),
        ["query"] = new JsonObject { ["query"] = Values, ["refId"] = Name },
        ["definition"] = Values,
        // When the time range changes, too: a model may be gone.
        ["refresh"] = 2,
        ["sort"] = 1,
        ["multi"] = IsMany,
        ["includeAll"] = IsMany,
    };
}
