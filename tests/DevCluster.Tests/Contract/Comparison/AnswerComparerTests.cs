using System.Text.Json.Nodes;
using Slipway.DevCluster.Tests.Contract.Recording;
using Slipway.DevCluster.Tests.Contract.Replay;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

public sealed class AnswerComparerTests
{
    private const string Uid = "18254d68-c1f6-4fa2-83c7-7dda279cd53a";
    private const string OtherUid = "277cd6dd-2671-4268-ad15-130b64c3c92d";

    [Test]
    public void Another_uid_version_and_time_are_no_difference()
    {
        Differences(
            $$$"""{"metadata":{"uid":"{{{Uid}}}","resourceVersion":"7","creationTimestamp":"2026-01-01T00:00:00Z"}}""",
            $$$"""{"metadata":{"uid":"{{{OtherUid}}}","resourceVersion":"9","creationTimestamp":"2026-02-01T00:00:00Z"}}""").Should().BeEmpty();
    }

    [Test]
    public void A_time_that_is_missing_is_a_difference() =>
        Differences("""{"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"}}""", """{"metadata":{"creationTimestamp":null}}""")
            .Should().ContainSingle().Which.Path.Should().Be("body.metadata.creationTimestamp");

    [Test]
    public void A_version_that_moved_where_the_recorded_one_stayed_is_a_difference()
    {
        Identities identities = new();
        Differences(Versioned("7"), Versioned("100"), identities).Should().BeEmpty();
        Differences(Versioned("7"), Versioned("101"), identities).Should().ContainSingle().Which.Path.Should().Be("body.metadata.resourceVersion");
    }

    [Test]
    public void A_version_that_stayed_where_the_recorded_one_moved_is_a_difference()
    {
        Identities identities = new();
        Differences(Versioned("7"), Versioned("100"), identities).Should().BeEmpty();
        Differences(Versioned("8"), Versioned("100"), identities).Should().ContainSingle();
    }

    [Test]
    public void One_uid_for_two_objects_is_a_difference()
    {
        Identities identities = new();
        Differences($$"""{"uid":"{{Uid}}"}""", """{"uid":"x"}""", identities).Should().BeEmpty();
        Differences($$"""{"uid":"{{OtherUid}}"}""", """{"uid":"x"}""", identities).Should().ContainSingle();
    }

    [Test]
    public void Order_counts_in_a_list_and_not_among_keys()
    {
        Differences("""{"a":1,"b":2}""", """{"b":2,"a":1}""").Should().BeEmpty();
        Differences("""{"a":[1,2]}""", """{"a":[2,1]}""").Should().HaveCount(2);
    }

    [Test]
    public void Managed_fields_conditions_and_causes_are_sets()
    {
        Differences(
            """{"managedFields":[{"manager":"a"},{"manager":"b"}],"conditions":[{"type":"x"},{"type":"y"}],"causes":[{"field":"f"},{"field":"g"}]}""",
            """{"managedFields":[{"manager":"b"},{"manager":"a"}],"conditions":[{"type":"y"},{"type":"x"}],"causes":[{"field":"g"},{"field":"f"}]}""")
            .Should().BeEmpty();
    }

    [Test]
    public void Several_errors_in_a_status_message_come_in_any_order() =>
        Differences(
            """{"kind":"Status","message":"Pod \"p\" is invalid: [a: Required value, b: Required value]"}""",
            """{"kind":"Status","message":"Pod \"p\" is invalid: [b: Required value, a: Required value]"}""").Should().BeEmpty();

    [Test]
    public void An_allocated_address_is_masked_and_a_given_one_is_not()
    {
        const string Recorded = """{"spec":{"clusterIP":"10.96.1.2"}}""";
        const string Answered = """{"spec":{"clusterIP":"10.96.9.9"}}""";
        Differences(Recorded, Answered).Should().BeEmpty();
        Differences(Recorded, Answered, request: """{"spec":{"clusterIP":"10.96.1.2"}}""").Should().ContainSingle();
        Differences(Recorded, """{"spec":{"clusterIP":"None"}}""").Should().ContainSingle();
    }

    [Test]
    public void A_generated_name_must_have_five_letters_of_the_alphabet()
    {
        const string Recorded = """{"metadata":{"generateName":"web-","name":"web-bcdfg"}}""";
        Differences(Recorded, """{"metadata":{"generateName":"web-","name":"web-24679"}}""").Should().BeEmpty();
        Differences(Recorded, """{"metadata":{"generateName":"web-","name":"web-aeiou"}}""").Should().ContainSingle();
    }

    [Test]
    public void Age_cells_of_a_table_are_masked_and_others_are_not()
    {
        Differences("""{"rows":[{"cells":["c",1,"0s"]}]}""", """{"rows":[{"cells":["c",1,"3m20s"]}]}""").Should().BeEmpty();
        Differences("""{"rows":[{"cells":["c",1,"0s"]}]}""", """{"rows":[{"cells":["c",2,"0s"]}]}""").Should().ContainSingle();
        Differences("""{"rows":[{"cells":["c","0s"]}]}""", """{"rows":[{"cells":["c","<unknown>"]}]}""").Should().ContainSingle();
    }

    [Test]
    public void A_kind_that_discovery_lacks_is_one_difference() =>
        Differences("""{"resources":[{"name":"a"},{"name":"b"},{"name":"c"}]}""", """{"resources":[{"name":"b"},{"name":"c"}]}""")
            .Should().ContainSingle().Which.Path.Should().Be("body.resources[a]");

    [Test]
    public void A_warning_and_the_media_type_are_compared()
    {
        RecordedResponse recorded = new(200, "application/json", ["299 - \"w\""], false, JsonNode.Parse("{}"), null);
        Answer answer = new(200, "text/plain; charset=utf-8", [], false, "{}", null);
        AnswerComparer.Compare(0, Get(""), recorded, answer, controllers: false, new Identities())
            .Select(difference => difference.Path).Should().BeEquivalentTo("headers.Content-Type", "headers.Warning");
    }

    [Test]
    public void Every_recorded_answer_is_equal_to_itself()
    {
        foreach (RecordedCase recorded in Recordings.Names("cases").Select(Recordings.Case))
        {
            Identities identities = new();
            foreach (RecordedStep step in recorded.Steps.Where(step => step.Response is not null))
            {
                RecordedResponse response = step.Response!;
                string text = response.Body is JsonValue value ? value.ToString() : response.Body?.ToJsonString() ?? "";
                Answer same = new(response.Status, response.ContentType, response.Warnings, response.RetryAfter, text, [.. (response.Events ?? []).Select(item => item!)]);
                AnswerComparer.Compare(0, step.Request!, response, same, recorded.Controllers, identities).Should().BeEmpty("{0}", recorded.Name);
            }
        }
    }

    [Test]
    public void Another_status_is_the_only_difference_shown()
    {
        RecordedResponse recorded = new(404, "application/json", [], false, JsonNode.Parse("""{"code":404}"""), null);
        Answer answer = new(501, "application/json", [], false, """{"code":501}""", null);
        AnswerComparer.Compare(3, Get(""), recorded, answer, controllers: false, new Identities())
            .Should().ContainSingle().Which.Should().Match<Difference>(difference => difference.Step == 3 && difference.Path == "status");
    }

    [Test]
    public void Watch_events_are_compared_in_order_without_ordinary_bookmarks()
    {
        JsonArray recorded = JsonNode.Parse("""[{"type":"ADDED","object":{"a":1}},{"type":"BOOKMARK","object":{}},{"type":"DELETED","object":{"a":1}}]""")!.AsArray();
        JsonNode[] same = [JsonNode.Parse("""{"type":"ADDED","object":{"a":1}}""")!, JsonNode.Parse("""{"type":"DELETED","object":{"a":1}}""")!];
        Watch(recorded, same).Should().BeEmpty();
        Watch(recorded, [same[1], same[0]]).Should().NotBeEmpty();
        Watch(recorded, [same[0]]).Should().ContainSingle().Which.Path.Should().Be("events[1]");
    }

    private static IReadOnlyList<Difference> Watch(JsonArray recorded, IReadOnlyList<JsonNode> events) => AnswerComparer.Compare(
        0, Get(""), new RecordedResponse(200, null, [], false, null, recorded), new Answer(200, null, [], false, "", events), false, new Identities());

    private static IReadOnlyList<Difference> Differences(string expected, string actual, Identities? identities = null, string request = "") =>
        AnswerComparer.Compare(
            0, Get(request), new RecordedResponse(200, "application/json", [], false, JsonNode.Parse(expected), null),
            new Answer(200, "application/json", [], false, actual, null), controllers: false, identities ?? new Identities());

    private static RecordedRequest Get(string body) => new("GET", "/api/v1/x", new Dictionary<string, string>(), JsonValue.Create(body));

    private static string Versioned(string version) => $$$"""{"metadata":{"uid":"{{{Uid}}}","resourceVersion":"{{{version}}}"}}""";
}
