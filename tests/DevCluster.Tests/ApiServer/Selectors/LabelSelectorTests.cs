using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Errors;
using Slipway.DevCluster.ApiServer.Selectors;

namespace Slipway.DevCluster.Tests.ApiServer.Selectors;

internal sealed class LabelSelectorTests
{
    [TestCase("", true)]
    [TestCase("app=web", true)]
    [TestCase("app==web,tier", true)]
    [TestCase("app!=web", false)]
    [TestCase("app in (api, web),!absent", true)]
    [TestCase("app notin (api),tier=front", true)]
    [TestCase("absent", false)]
    [TestCase("n>2", true)]
    [TestCase("n<2", false)]
    public void A_selector_matches_what_it_says(string text, bool expected)
    {
        var labels = new JsonObject { ["app"] = "web", ["tier"] = "front", ["n"] = "3" };

        LabelSelector.Parse(text).Matches(new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } }).Should().Be(expected);
    }

    [TestCase("n in 1", "unable to parse requirement: found '1' expected: '('")]
    [TestCase("=a", "found '=', expected: !, identifier, or 'end of string'")]
    [TestCase("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")]
    [TestCase("par=a!b", "found '!', expected: ',' or 'end of string'")]
    public void A_selector_that_cannot_be_read_is_refused_in_the_servers_words(string text, string message) =>
        FluentActions.Invoking(() => LabelSelector.Parse(text)).Should().Throw<StatusException>().WithMessage(message);

    [Test]
    public void A_selector_object_reads_like_its_text()
    {
        var selector = LabelSelector.FromObject(new JsonObject
        {
            ["matchLabels"] = new JsonObject { ["z"] = "y", ["app"] = "w" },
            ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = "t", ["operator"] = "NotIn", ["values"] = new JsonArray("b", "a") }),
        });

        selector.ToString().Should().Be("app=w,t notin (a,b),z=y");
    }
}
