using System.Text.Json.Nodes;

namespace Slipway.Runtime.Tests;

internal sealed class FieldOwnersTests
{
    private static readonly FieldPath Image = FieldPath.Root.Child("spec").Child("containers").Element([new("name", "a")]).Child("image");

    [Test]
    public void The_manager_of_the_field_is_found_below_keyed_elements() =>
        Other("""{"manager":"kubectl","fieldsV1":{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{}}}}}}""").Should().Be("kubectl");

    [Test]
    public void A_manager_of_another_element_or_field_is_not_preferred() =>
        Other(
            """{"manager":"owner","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{"f:image":{}}}}}}""",
            """{"manager":"later","time":"2026-01-02T00:00:00Z","fieldsV1":{"f:spec":{"f:containers":{"k:{\"name\":\"b\"}":{"f:image":{}}}}}}""").Should().Be("owner");

    [Test]
    public void A_value_that_is_owned_whole_is_owned_in_every_part() =>
        Other(
            """{"manager":"later","time":"2026-01-02T00:00:00Z","fieldsV1":{"f:metadata":{}}}""",
            """{"manager":"owner","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:spec":{"f:containers":{}}}}""").Should().Be("owner");

    [Test]
    public void Of_a_removed_field_the_last_writer_is_named_and_never_ourselves_or_a_status_writer() =>
        Other(
            """{"manager":"tester","time":"2026-01-09T00:00:00Z","fieldsV1":{"f:spec":{}}}""",
            """{"manager":"controller","time":"2026-01-08T00:00:00Z","subresource":"status","fieldsV1":{"f:status":{}}}""",
            """{"manager":"first","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:metadata":{}}}""",
            """{"manager":"last","time":"2026-01-02T00:00:00Z","fieldsV1":{"f:metadata":{}}}""").Should().Be("last");

    [Test]
    public void Without_another_writer_nobody_is_named() =>
        Other("""{"manager":"tester","fieldsV1":{"f:spec":{}}}""").Should().BeNull();

    private static string? Other(params string[] entries) => FieldOwners.Other(
        new JsonObject { ["metadata"] = new JsonObject { ["managedFields"] = new JsonArray([.. entries.Select(entry => JsonNode.Parse(entry))]) } }, Image, "tester");
}
