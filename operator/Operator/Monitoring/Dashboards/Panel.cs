using System.Text.Json.Nodes;

namespace Slipway.Operator.Monitoring.Dashboards;

/// <summary>One panel of a dashboard, as much of Grafana's panels as is used here.</summary>
/// <param name="Title">Unique in its dashboard.</param>
/// <param name="Description">What it shows and how to read it.</param>
/// <param name="Kind">Grafana's name of the visualisation.</param>
/// <param name="Unit">Grafana's name of the unit.</param>
internal sealed record Panel(string Title, string Description, string Kind, string Unit, params IReadOnlyList<Query> Queries)
{
    public const string Lines = "timeseries";
    public const string Number = "stat";
    public const string Table = "table";
    public const string Bars = "bargauge";
    public const string Heatmap = "heatmap";

    /// <summary>Of the 24 columns that a row has.</summary>
    public int Width { get; init; } = 12;

    public int Height { get; init; } = 8;

    /// <summary>Values from here on are shown as trouble; null: none.</summary>
    public double? Trouble { get; init; }

    /// <summary>Values below 0 mean something.</summary>
    public bool IsSigned { get; init; }

    public JsonObject Build(int id, int x, int y) => new()
    {
        ["id"] = id,
        ["title"] = Title,
        ["description"] = Description,
        ["type"] = Kind,
        ["datasource"] = Dashboard.Source(),
        ["gridPos"] = new JsonObject { ["x"] = x, ["y"] = y, ["w"] = Width, ["h"] = Height },
        ["fieldConfig"] = new JsonObject { ["defaults"] = Defaults(), ["overrides"] = new JsonArray() },
        ["options"] = Options(),
        ["targets"] = new JsonArray([.. Queries.Select((query, index) => query.Build((char)('A' + index), isInstant: Kind is Table or Bars or Number, isTable: Kind == Table))]),
    };

    private JsonObject Defaults()
    {
        var steps = new JsonArray(new JsonObject { ["color"] = "green", ["value"] = null });
        if (Trouble is { } from)
        {
            steps.Add((JsonNode)new JsonObject { ["color"] = "red", ["value"] = from });
        }

        var defaults = new JsonObject { ["unit"] = Unit };
        if (!IsSigned)
        {
            defaults["min"] = 0;
        }

        defaults["thresholds"] = new JsonObject { ["mode"] = "absolute", ["steps"] = steps };
        return defaults;
    }

    private JsonObject Options() => Kind switch
    {
        Lines => new() { ["legend"] = new JsonObject { ["displayMode"] = "list", ["placement"] = "bottom" }, ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" } },
        // Bins are words, and each is a row of its own.
        Heatmap => new() { ["calculate"] = false, ["rowsFrame"] = new JsonObject { ["layout"] = "auto" }, ["color"] = new JsonObject { ["mode"] = "scheme", ["scheme"] = "Oranges" } },
        Bars => new() { ["orientation"] = "horizontal", ["displayMode"] = "basic", ["reduceOptions"] = new JsonObject { ["calcs"] = new JsonArray("lastNotNull") } },
        Number => new() { ["reduceOptions"] = new JsonObject { ["calcs"] = new JsonArray("lastNotNull") }, ["colorMode"] = "value" },
        _ => [],
    };
}

/// <param name="Expression">In PromQL, with Grafana's variables.</param>
/// <param name="Legend">Names a series by its labels; empty where a table shows them.</param>
internal sealed record Query(string Expression, string Legend)
{
    /// <summary>One way to write it, by which tests tell it from the expression.</summary>
    public const string Zero = "vector(0)";

    /// <summary>What is shown while the expression comes to nothing: a model whose calls run at once has never queued one.</summary>
    public string Otherwise { get; init; } = "";

    public JsonObject Build(char name, bool isInstant, bool isTable) => new()
    {
        ["refId"] = name.ToString(),
        ["datasource"] = Dashboard.Source(),
        ["expr"] = Otherwise.Length > 0 ? $"{Expression} or {Otherwise}" : Expression,
        ["legendFormat"] = Legend,
        ["instant"] = isInstant,
        ["range"] = !isInstant,
        ["format"] = isTable ? "table" : "time_series",
    };
}
