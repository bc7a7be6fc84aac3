using System.Text.Json.Nodes;
using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class ApplyDifferenceTests : ApplierTest
{
    [Test]
    public async Task A_change_right_after_a_write_is_applied_over_the_written_version_and_not_the_cached()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await ApplyAsync(A.ConfigMap(data: ("a", "2")));

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "3")));

        result.Written.Should().Be(1);
        Stored()["data"]!["a"]!.GetValue<string>().Should().Be("3");
    }

    [Test]
    public async Task A_difference_is_tried_as_a_dry_run_before_it_is_written_and_carries_the_version()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        var version = (string)Stored()["metadata"]!["resourceVersion"]!;

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "2")));

        result.Written.Should().Be(1);
        var requests = ChildRequests().ToList();
        requests.Select(request => (request.Method, request.IsDryRun)).Should().Equal(("PATCH", true), ("PATCH", false));
        requests.Should().OnlyContain(request => (string)request.Body!["metadata"]!["resourceVersion"]! == version);
        Stored()["data"]!["a"]!.GetValue<string>().Should().Be("2");
    }

    [Test]
    public async Task A_difference_that_is_only_the_servers_spelling_is_never_written_and_tried_once_by_a_process_that_did_not_write_the_child()
    {
        Server.Store.Default = entity =>
        {
            if (entity["data"]?["a"] is { } value)
            {
                entity["data"]!["a"] = ((string)value!).ToLowerInvariant();
            }
        };
        await CreateAsync(A.ConfigMap(data: ("a", "LOUD")));

        await ApplyAsync(A.ConfigMap(data: ("a", "LOUD")));
        ChildRequests().Should().BeEmpty();

        await Runtime.DisposeAsync();
        await StartRuntimeAsync();
        await ApplyAsync(A.ConfigMap(data: ("a", "LOUD")));
        await ApplyAsync(A.ConfigMap(data: ("a", "LOUD")));

        ChildRequests().Should().ContainSingle().Which.IsDryRun.Should().BeTrue();
    }

    [Test]
    public async Task A_field_that_is_no_longer_desired_is_removed()
    {
        await CreateAsync(A.ConfigMap(data: [("a", "1"), ("b", "2")]));

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        result.Written.Should().Be(1);
        Stored()["data"]!.AsObject().Select(field => field.Key).Should().Equal("a");
    }

    [Test]
    public async Task Fields_that_others_added_are_left_alone()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await EditAsync(map => map["data"]!["theirs"] = "x");

        await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        ChildRequests().Should().BeEmpty();
    }

    [Test]
    public async Task A_field_that_somebody_changed_is_put_back_and_the_second_time_within_a_minute_it_is_contested()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await EditAsync(Contest);
        (await ApplyAsync(A.ConfigMap(data: ("a", "1")))).Written.Should().Be(1);
        await Runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);
        await EditAsync(Contest);
        Server.ForgetRequests();

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        ChildRequests().Should().ContainSingle("who else writes is asked for").Which.Method.Should().Be("GET");
        result.RetryAfter.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        var problem = result.Problems.Should().ContainSingle().Subject;
        problem.Kind.Should().Be(ApplyProblemKind.FieldContested);
        problem.Message.Should().Contain(".data.a of ConfigMap ns/c").And.Contain("\"rival\"");

        Clock.Advance(result.RetryAfter!.Value);
        (await ApplyAsync(A.ConfigMap(data: ("a", "1")))).Written.Should().Be(1);

        static void Contest(JsonObject map)
        {
            map["data"]!["a"] = "theirs";
            map["metadata"]!["managedFields"] = JsonNode.Parse(
                """[{"manager":"tester","operation":"Apply","fieldsV1":{"f:metadata":{}}},{"manager":"rival","operation":"Update","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:data":{"f:a":{}}}}]""");
        }
    }

    [Test]
    public async Task A_writer_that_strips_the_hash_is_contested_like_any_other()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));
        await EditAsync(map => map["metadata"]!.AsObject().Remove("annotations"));
        (await ApplyAsync(A.ConfigMap(data: ("a", "1")))).Written.Should().Be(1);
        await Runtime.CaughtUpAsync<V1ConfigMap>("configmaps", Child);
        await EditAsync(map => map["metadata"]!.AsObject().Remove("annotations"));

        var result = await ApplyAsync(A.ConfigMap(data: ("a", "1")));

        result.Written.Should().Be(0);
        result.Problems.Should().ContainSingle().Which.Message.Should().Contain(".metadata.annotations of ConfigMap ns/c");
    }

    [Test]
    public async Task A_change_of_mind_right_after_another_is_no_contest()
    {
        await CreateAsync(A.ConfigMap(data: ("a", "1")));

        foreach (var value in (string[])["2", "3", "2", "3"])
        {
            (await ApplyAsync(A.ConfigMap(data: ("a", value)))).Should().Match<ApplyResult>(result => result.Written == 1 && result.Problems.Count == 0);
        }
    }
}
