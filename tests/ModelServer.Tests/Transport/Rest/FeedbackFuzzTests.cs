using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Tests.Models;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>Any body gets an answer, and one that is understood is what the framework's reader says it is.</summary>
[CancelAfter(120_000)]
internal sealed class FeedbackFuzzTests
{
    private static readonly string[] Names = ["id", "predicted", "actual", "reward", "predictedAt", "predicted_at", ""];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1.5", "1e100", "1e101", "-1e999", "\"\"", "\"fraud\"", "\"other\"", "\"\\u0000\"", "\"\\ud800\"", "\"\u00e9\\n\"", "[]", "[{}]",
        "{}", "{\"a\":[1]}", "\"2026-01-02T15:04:05Z\"", "\"9999-12-31T23:59:59.999999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "NaN", "tru", $"\"{new string('x', 600)}\"",
    ];

    private static readonly Gen<string> Field = from name in Gen.Elements(Names) from value in Gen.Elements(Values) select $"\"{name}\":{value}";

    private static readonly Gen<string> Good = Gen.Elements(
        """{"predicted":"a","actual":"b","id":"1"}""", """{"predicted":1,"actual":-2.5}""", """{"reward":0.25}""", """{"actual":true,"predicted":false}""");

    private static readonly Gen<string> Item = Gen.Frequency(
        (3, Good), (3, Field.ListOf().Select(fields => $"{{{string.Join(',', fields)}}}")), (1, Gen.Elements(Values)));

    private static readonly Gen<string> Body = Gen.OneOf(Item, Item.ListOf().Select(items => $"[{string.Join(" , ", items)}]"));

    // Bytes that are cut away or put in anywhere.
    private static readonly Gen<byte[]> Harmed =
        from body in Body.Select(Encoding.UTF8.GetBytes)
        from harm in Gen.Choose(0, 3)
        from at in Gen.Choose(0, body.Length)
        from put in Gen.Choose(0, 255)
        select harm switch
        {
            0 => body[..at],
            1 => [.. body[..at], (byte)put, .. body[at..]],
            _ => body,
        };

    [Test]
    public async Task No_body_is_too_much_for_the_server(CancellationToken cancellationToken)
    {
        await using var server = new LocalServer(TestModels.Double());

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Harmed.ToArbitrary(), body =>
        {
            var (status, answer) = server.PostAsync("/v2/models/m/versions/1/feedback", body, null).GetAwaiter().GetResult();
            return status is 200 or 400 && JsonNode.Parse(Encoding.Latin1.GetBytes(answer)) is JsonObject;
        }));
    }

    [Test]
    public void What_is_taken_is_JSON_with_as_many_entries() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(Harmed.ToArbitrary(), body =>
        {
            int items;
            try
            {
                items = FeedbackReader.Read(body, DateTimeOffset.UnixEpoch.AddYears(100)).Count;
            }
            catch (ServingException)
            {
                return true;
            }

            using var json = JsonDocument.Parse(body);
            return items == (json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.GetArrayLength() : 1);
        }));
}
