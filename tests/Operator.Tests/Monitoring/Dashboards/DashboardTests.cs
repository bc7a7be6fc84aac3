using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Operator.Monitoring;
using Slipway.Operator.Monitoring.Dashboards;

namespace Slipway.Operator.Tests.Monitoring.Dashboards;

[TestFixtureSource(nameof(Ids))]
internal sealed partial class DashboardTests(string id)
{
    private static IEnumerable<string> Ids => Dashboard.All.Select(dashboard => dashboard.Id);

    private Dashboard Subject => Dashboard.All.Single(dashboard => dashboard.Id == id);

    private JsonObject Json => JsonNode.Parse(Subject.Render())!.AsObject();

    [Test]
    public async Task Every_expression_is_one_that_Prometheus_reads() => await Promtool.CheckAsync(new(
    [
        new() { Name = id, Interval = "30s", Rules = [.. Subject.Panels.SelectMany(panel => panel.Queries).Select((query, number) => Rule.Recording($"panel:{number}", Chosen(query.Expression)))] },
    ]));

    [Test]
    public void What_stands_for_nothing_is_said_beside_the_expression() =>
        Subject.Panels.SelectMany(panel => panel.Queries).Should().OnlyContain(query => !query.Expression.Contains("vector(") && (query.Otherwise == "" || query.Otherwise == Query.Zero));

    [Test]
    public void Every_variable_of_an_expression_is_one_that_the_reader_can_choose()
    {
        var known = Subject.Variables.Select(variable => variable.Name).Append("__rate_interval").ToList();

        var used = Subject.Panels.SelectMany(panel => panel.Queries.Select(query => query.Expression).Append(panel.Title)).Concat(Subject.Variables.Select(variable => variable.Values))
            .SelectMany(text => Names().Matches(text)).Select(match => match.Groups[1].Value).Distinct();

        used.Should().BeSubsetOf(known);
    }

    [Test]
    public void Panels_have_names_of_their_own_and_a_word_on_what_they_show()
    {
        Subject.Panels.Select(panel => panel.Title).Should().OnlyHaveUniqueItems();
        Subject.Panels.Should().OnlyContain(panel => panel.Description.Length > 20 && panel.Queries.Count > 0);
        Json["panels"]!.AsArray().Select(panel => (int)panel!["id"]!).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void Panels_lie_side_by_side_and_none_over_another()
    {
        var taken = new HashSet<(int X, int Y)>();
        foreach (var place in Json["panels"]!.AsArray().Select(panel => panel!["gridPos"]!))
        {
            var (x, y, width, height) = ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
            (x + width).Should().BeLessThanOrEqualTo(24);
            (from column in Enumerable.Range(x, width) from line in Enumerable.Range(y, height) select taken.Add((column, line))).Should().NotContain(false);
        }
    }

    private static string Chosen(string expression) => Names().Replace(expression, match => match.Groups[1].Value == "__rate_interval" ? "5m" : "chosen");

    [GeneratedRegex(@"\$([a-z_]+)")]
    private static partial Regex Names();
}
