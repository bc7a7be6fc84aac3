using System.Net;
using System.Text;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Transport.Rest;

[CancelAfter(300_000)]
internal sealed class InferFuzzTests
{
    private const int Bodies = 20_000;
    private const int Seed = 20_000;

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "false", "NaN", "-", "1e999", "-0", "1.5", "18446744073709551616", "\\ud800", "\\u0000",
        "\"name\"", "\"shape\"", "\"data\"", "\"inputs\"", "\"datatype\"", "\"FP32\"", "\"INT64\"", "\"outputs\"", "[[[[[[[[[[", "{\"a\":", "\u00ff", " ",
    ];

    [Test]
    public async Task No_body_makes_the_server_fail_or_hang(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.ServeAsync(TestModels.Sum(), cancellationToken);
        var seen = new Dictionary<HttpStatusCode, int>();

        await Parallel.ForEachAsync(Enumerable.Range(0, Bodies), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var body = Mutate(new Random(Seed + i));
            using var content = new ByteArrayContent(body);
            using var response = await server.Http.PostAsync("/v2/models/m/infer", content, token);
            var answer = await response.Content.ReadAsStringAsync(token);
            lock (seen)
            {
                seen[response.StatusCode] = seen.GetValueOrDefault(response.StatusCode) + 1;
            }

            var isExpected = response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest;
            isExpected.Should().BeTrue($"{response.StatusCode} {answer} came for {Encoding.Latin1.GetString(body)} (seed {Seed + i})");
        });

        seen.Keys.Should().BeEquivalentTo([HttpStatusCode.OK, HttpStatusCode.BadRequest], "mutations must reach both sides");
    }

    private static byte[] Mutate(Random random)
    {
        var body = new StringBuilder(
            """{"id":"1","inputs":[{"name":"a","shape":[2,2],"datatype":"FP32","data":[[1,2],[3.5,-4e3]]},{"name":"b","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}],"outputs":[{"name":"sum"}]}""");
        for (var change = random.Next(4); change > 0 && body.Length > 0; change--)
        {
            var at = random.Next(body.Length);
            switch (random.Next(4))
            {
                case 0: body.Remove(at, Math.Min(random.Next(1, 6), body.Length - at)); break;
                case 1: body.Insert(at, Tokens[random.Next(Tokens.Length)]); break;
                case 2: body[at] = (char)random.Next(1, 256); break;
                default: body.Length = Math.Max(1, at); break;
            }
        }

        return Encoding.Latin1.GetBytes(body.ToString());
    }
}
